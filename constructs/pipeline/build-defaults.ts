import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import { show } from '../core/validation';

/**
 * Image of every build unless `codeBuildDefaults` name another. It runs Node.js 24, and its oldest is 22; the image that
 * CDK Pipelines chooses, standard:7.0, runs 18. (aws/aws-codebuild-docker-images, ubuntu/standard)
 */
const IMAGE = codebuild.LinuxBuildImage.STANDARD_8_0;

/**
 * Returns the defaults of all builds: those of the user, with our image where the user chose none.
 *
 * @throws if the defaults, their environment or its image are of another type
 */
export function buildDefaults(given: pipelines.CodeBuildOptions = {}): pipelines.CodeBuildOptions {
  requireObject('codeBuildDefaults', given, 'such as { buildEnvironment: { … } }');
  const environment = given.buildEnvironment ?? {};
  requireObject('codeBuildDefaults.buildEnvironment', environment, 'such as { buildImage: … }');
  const buildImage = environment.buildImage ?? IMAGE;
  if (typeof buildImage.imageId !== 'string') {
    throw new Error(
      `codeBuildDefaults.buildEnvironment.buildImage is ${show(buildImage)}, but must be an image such as LinuxBuildImage.STANDARD_8_0, or LinuxBuildImage.fromCodeBuildImageId(…)`,
    );
  }
  return { ...given, buildEnvironment: { ...environment, buildImage } };
}

function requireObject(property: string, value: unknown, example: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const is = Array.isArray(value) ? 'a list' : show(value);
    throw new Error(`${property} is ${is}, but must be an object, ${example}`);
  }
}

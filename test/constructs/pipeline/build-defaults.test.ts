import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import { buildsOf } from '../../helpers/builds';
import { pipelineProps, synthesize } from '../../helpers/fixture';

const { checks: required } = pipelineProps();
const checks = { ...required, stagingTests: ['npm run test:staging'] };

const BUILDS = [
  'CdkBuildProject',
  'FileAsset',
  'IntegrationTests',
  'Lint',
  'SelfMutation',
  'StagingTests',
  'UnitTests',
];

const environments = (codeBuildDefaults?: pipelines.CodeBuildOptions) =>
  Object.entries(buildsOf(synthesize({ checks, codeBuildDefaults })));

const every = <T>(value: T) => Object.fromEntries(BUILDS.map((name) => [name, value]));

describe('the image of the builds', () => {
  const images = (builds: ReturnType<typeof environments>) =>
    Object.fromEntries(builds.map(([name, { environment }]) => [name, environment.Image]));

  test('is standard:8.0 in every build, whose oldest Node.js is 22', () => {
    expect(images(environments())).toEqual(every('aws/codebuild/standard:8.0'));
  });

  test('is the one that codeBuildDefaults name', () => {
    const buildImage = codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5;
    expect(images(environments({ buildEnvironment: { buildImage } }))).toEqual(
      every('aws/codebuild/amazonlinux-x86_64-standard:5.0'),
    );
  });

  test('stays standard:8.0 when codeBuildDefaults say something else only', () => {
    const builds = environments({ buildEnvironment: { computeType: codebuild.ComputeType.LARGE } });
    expect(images(builds)).toEqual(every('aws/codebuild/standard:8.0'));
    expect(Object.fromEntries(builds.map(([name, { environment }]) => [name, environment.ComputeType]))).toEqual(
      every('BUILD_GENERAL1_LARGE'),
    );
  });

  test('stays standard:8.0 when codeBuildDefaults have an image that is undefined', () => {
    expect(images(environments({ buildEnvironment: { buildImage: undefined } }))).toEqual(
      every('aws/codebuild/standard:8.0'),
    );
  });

  test('leaves the Node.js that a build specification of codeBuildDefaults chooses', () => {
    const phases = { install: { 'runtime-versions': { nodejs: 22 } } };
    const partialBuildSpec = codebuild.BuildSpec.fromObject({ version: '0.2', phases });
    expect(
      Object.fromEntries(
        environments({ partialBuildSpec }).map(([name, build]) => [name, build.phases.install['runtime-versions']]),
      ),
    ).toEqual(every({ nodejs: 22 }));
  });
});

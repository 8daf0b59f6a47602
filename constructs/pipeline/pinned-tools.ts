import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { Manifest } from 'aws-cdk-lib/cloud-assembly-schema';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import { known, show } from '../core/validation';

/** A package that the pipeline's builds install from npm. It has no dependencies: its version pins all that is installed. */
interface PinnedTool {
  readonly property: 'cliVersion' | 'cdkAssetsCliVersion';
  readonly name: string;
  readonly version: string;
}

const CLI: PinnedTool = { property: 'cliVersion', name: 'aws-cdk', version: '2.1148.1' };
const PUBLISHER: PinnedTool = { property: 'cdkAssetsCliVersion', name: 'cdk-assets', version: '4.7.3' };

/**
 * Newest schema of a cloud assembly with which both pinned versions work. The CLI reads 55, cdk-assets reads 54.
 * `npm run conformance` installs both and lets them read the example's assembly.
 */
const NEWEST_SCHEMA = 55;

/**
 * Command that turns asset manifests of schema 55 into those of schema 54, which cdk-assets 4.7.3 reads. They are the
 * same: between @aws-cdk/cloud-assembly-schema 54.26.0 and 55.6.0 only the schema of integration tests differs.
 */
const AS_SCHEMA_54 = `find . -name '*.assets.json' -exec sed -i '2s/"version": "55\\.0\\.0"/"version": "54.0.0"/' {} +`;

const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** Versions that the user chose. */
export interface ToolVersions {
  readonly cliVersion?: string;
  readonly cdkAssetsCliVersion?: string;
  readonly selfMutation?: boolean;
}

/** Properties of CDK Pipelines that choose the tools of its builds. */
export type Tools = Pick<
  pipelines.CodePipelineProps,
  'cliVersion' | 'cdkAssetsCliVersion' | 'assetPublishingCodeBuildDefaults'
>;

/**
 * Decides which versions of the tools update the pipeline and publish assets.
 *
 * @param schema major version of the schema of the assemblies that aws-cdk-lib writes
 * @throws if a version is not exact, or a pinned one does not read the schema
 */
export function pinnedTools(given: ToolVersions, schema = Number.parseInt(Manifest.version(), 10)): Tools {
  const versions = { cliVersion: versionOf(CLI, given), cdkAssetsCliVersion: versionOf(PUBLISHER, given) };
  const installed = given.selfMutation === false ? [PUBLISHER] : [CLI, PUBLISHER];
  const pinned = installed.filter(({ property }) => (given[property] ?? undefined) === undefined);
  if (schema > NEWEST_SCHEMA && pinned.length > 0) {
    const names = pinned.map(({ name, version }) => `${name}@${version}`).join(' and ');
    const properties = pinned.map(({ property }) => property).join(' and ');
    throw new Error(
      `${properties} must be set: aws-cdk-lib writes assemblies of schema ${schema}, but ${NEWEST_SCHEMA} is the newest for ${names}. Name versions that read ${schema}, or install an earlier aws-cdk-lib`,
    );
  }
  return schema === NEWEST_SCHEMA ? { ...versions, assetPublishingCodeBuildDefaults: asSchema54() } : versions;
}

function versionOf({ property, version }: PinnedTool, given: ToolVersions): string {
  const chosen: unknown = known(given[property] ?? version, property);
  if (typeof chosen !== 'string' || !EXACT_VERSION.test(chosen)) {
    throw new Error(
      `${property} is ${show(chosen)}, but must be an exact version such as "${version}": a range or a tag installs whatever was published last`,
    );
  }
  return chosen;
}

function asSchema54(): pipelines.CodeBuildOptions {
  const phases = { pre_build: { commands: [AS_SCHEMA_54] } };
  return { partialBuildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', phases }) };
}

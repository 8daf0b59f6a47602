import { App, Aws, Stack } from 'aws-cdk-lib';
import type { BuildEnvironment, IBuildImage } from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as pipelines from 'aws-cdk-lib/pipelines';
import {
  CanaryWeighting,
  MicroserviceDeploymentPipeline,
  type MicroserviceDeploymentPipelineProps,
  ProductionRollout,
  type ProductionWave,
  Staging,
  type StagingProps,
  Workload,
} from '../../../constructs';
import { inRegion, makeFunction, PIPELINE_ENV, pipelineProps, Shop, synthesize, testApp } from '../../helpers/fixture';

type Overrides = Partial<MicroserviceDeploymentPipelineProps>;

const { checks } = pipelineProps();

const wrong: [string, Overrides, string][] = [
  ['no lint', { checks: { ...checks, lint: [] } }, 'checks.lint is [], but needs at least one command'],
  [
    'blank unit tests',
    { checks: { ...checks, unitTests: [' '] } },
    'checks.unitTests is [" "], but needs at least one',
  ],
  [
    'missing integration tests',
    { checks: { lint: ['a'], unitTests: ['b'] } as unknown as MicroserviceDeploymentPipelineProps['checks'] },
    'checks.integrationTests is undefined, but needs at least one command',
  ],
  [
    'no staging tests',
    { checks: { ...checks, stagingTests: [] } },
    'checks.stagingTests is [], but needs at least one',
  ],
  [
    'an empty further check',
    { checks: { ...checks, additional: { Scan: [] } } },
    'checks.additional.Scan is [], but needs at least one command',
  ],
  [
    "a further check whose name is no action's",
    { checks: { ...checks, additional: { 'a b': ['x'] } } },
    "checks.additional: 'a b' cannot name an action",
  ],
  [
    'a further check of a taken name',
    { checks: { ...checks, additional: { lint: ['x'] } } },
    "checks.additional: 'lint' is the name of another action",
  ],
  ['no synth commands', { synth: [] }, 'synth is [], but needs at least one command'],
  [
    'a check that is no list',
    { checks: { ...checks, lint: 'npm run lint' as unknown as string[] } },
    'checks.lint is "npm run lint", but must be a list of commands',
  ],
  [
    'no microservice, no source',
    { microservice: undefined, source: undefined },
    'microservice, source are missing: a MicroserviceDeploymentPipeline needs',
  ],
  ['no staging', { staging: undefined }, 'staging is missing'],
  ['no checks', { checks: undefined }, 'checks is missing'],
  [
    'regions that are no list',
    { regions: inRegion('us-east-1', 1) as unknown as MicroserviceDeploymentPipelineProps['regions'] },
    'regions must be a list',
  ],
  ['no regions', { regions: [] }, 'regions is empty'],
  [
    'a region without env',
    { regions: [{ trafficShare: 1 } as unknown as MicroserviceDeploymentPipelineProps['regions'][number]] },
    'regions[0].env',
  ],
  [
    'an account that is no account',
    { regions: [{ env: { account: '123', region: 'us-east-1' }, trafficShare: 1 }] },
    'regions[0].env.account is "123"',
  ],
  [
    'an unknown account',
    { regions: [{ env: { account: Aws.ACCOUNT_ID, region: 'us-east-1' }, trafficShare: 1 }] },
    'regions[0].env.account',
  ],
  [
    'an unknown region',
    { regions: [{ env: { account: '333333333333', region: Aws.REGION }, trafficShare: 1 }] },
    'regions[0].env.region',
  ],
  [
    'a region twice',
    { regions: [inRegion('us-east-1', 1), inRegion('us-east-1', 2)], production: ProductionRollout.allAtOnce() },
    'us-east-1',
  ],
  ['no share', { regions: [inRegion('us-east-1', 0)], production: ProductionRollout.allAtOnce() }, 'trafficShare'],
  [
    'a negative share',
    { regions: [inRegion('us-east-1', -1)], production: ProductionRollout.allAtOnce() },
    'trafficShare',
  ],
  [
    'a missing share',
    {
      regions: [inRegion('us-east-1', undefined as unknown as number)],
      production: ProductionRollout.allAtOnce(),
    },
    'trafficShare',
  ],
  [
    'filters on a V1 pipeline',
    { pipelineType: codepipeline.PipelineType.V1, pushFilters: [{ tagsIncludes: ['v*'] }] },
    'pipelineType is V1, but pushFilters need a pipeline of type V2',
  ],
  [
    'file paths without branches',
    { pushFilters: [{ filePathsIncludes: ['services/**'] }] },
    'pushFilters[0] has file paths but no branches',
  ],
  [
    'tags together with branches',
    { pushFilters: [{ branchesIncludes: ['main'] }, { branchesIncludes: ['main'], tagsIncludes: ['v*'] }] },
    'pushFilters[1] has tags and branches',
  ],
  [
    'a region of another partition',
    { regions: [inRegion('cn-north-1', 1)], production: ProductionRollout.allAtOnce() },
    "cn-north-1 is in partition aws-cn, but the pipeline's us-west-2 is in aws",
  ],
  [
    'a further check named like what every object has',
    { checks: { ...checks, additional: { constructor: ['x'] } } },
    "checks.additional: 'constructor' cannot name an action",
  ],
  [
    'a service that defines something else',
    { microservice: new Shop('shop', (stack) => makeFunction(stack, 'F') as unknown as Workload) },
    "Shop.define() of microservice 'shop' returned something else: it must return a Workload",
  ],
  ['no filters in filters', { pushFilters: [] }, 'pushFilters has 0 filters, but CodePipeline takes 1 to 3'],
  [
    'more than 50 actions in a stage',
    {
      regions: Array.from({ length: 49 }, (_, i) => inRegion(`us-east-${i + 1}`, 1)),
      production: ProductionRollout.allAtOnce(),
    },
    "Stage 'Canary.1' cannot be",
  ],
  ['a CLI of any version', { cliVersion: '2' }, 'cliVersion is "2", but must be an exact version such as "2.1148.1"'],
  ['the latest CLI', { cliVersion: 'latest' }, 'cliVersion is "latest", but must be an exact version'],
  ['a range of CLIs', { cliVersion: '^2.1148.1' }, 'cliVersion is "^2.1148.1", but must be an exact version'],
  ['a CLI and a command', { cliVersion: '2.1148.1 && x' }, 'cliVersion is "2.1148.1 && x", but must be an exact'],
  ['a CLI by number', { cliVersion: 2 as unknown as string }, 'cliVersion is 2, but must be an exact version'],
  ['a CLI known at deploy time', { cliVersion: Aws.STACK_NAME }, 'cliVersion is a token, whose value is known only'],
  [
    'the latest publisher of assets',
    { cdkAssetsCliVersion: 'latest' },
    'cdkAssetsCliVersion is "latest", but must be an exact version such as "4.7.3"',
  ],
  [
    'build defaults that are an image',
    { codeBuildDefaults: 'aws/codebuild/standard:8.0' as Overrides['codeBuildDefaults'] },
    'codeBuildDefaults is "aws/codebuild/standard:8.0", but must be an object',
  ],
  [
    'a build environment that is a list',
    { codeBuildDefaults: { buildEnvironment: [] as BuildEnvironment } },
    'codeBuildDefaults.buildEnvironment is a list, but must be an object',
  ],
  [
    'an image by its name',
    { codeBuildDefaults: { buildEnvironment: { buildImage: 'standard:8.0' as unknown as IBuildImage } } },
    'codeBuildDefaults.buildEnvironment.buildImage is "standard:8.0", but must be an image',
  ],
  [
    'a service that defines nothing',
    { microservice: new Shop('shop', () => undefined as unknown as Workload) },
    "Shop.define() of microservice 'shop' returned nothing",
  ],
];

describe('the pipeline refuses', () => {
  test.each([
    ['no waves', () => ProductionRollout.waves(undefined as unknown as string[][]), 'production.waves is undefined'],
    [
      'a named wave without regions',
      () => ProductionRollout.namedWaves([{ name: 'A' } as ProductionWave]),
      'production.waves[0].regions is undefined',
    ],
    [
      'no weights',
      () => CanaryWeighting.explicit(undefined as unknown as { [region: string]: number }),
      'CanaryWeighting.explicit(undefined): must have a weight',
    ],
    [
      'no place for staging',
      () => Staging.full(undefined as unknown as StagingProps),
      'staging.env.account is missing',
    ],
    [
      'no functions',
      () => Workload.lambdas(undefined as unknown as { [key: string]: lambda.Function }),
      'Workload.lambdas(undefined): must have functions',
    ],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  test('waves that are no lists of regions', () => {
    expect(() => ProductionRollout.waves(['us-east-1'] as unknown as string[][])).toThrow(
      'production.waves[0] is "us-east-1", but a wave is a list of regions',
    );
  });

  test.each(wrong)('%s', (_what, overrides, message) => {
    expect(() => synthesize(overrides)).toThrow(message);
  });

  test('filters on a source that is no connection', () => {
    const app = testApp();
    const bucket = s3.Bucket.fromBucketName(new Stack(app, 'B', { env: PIPELINE_ENV }), 'Bucket', 'sources');
    const source = pipelines.CodePipelineSource.s3(bucket, 'sources.zip');
    expect(() =>
      synthesize({ source, sourceRevision: 'VersionId', pushFilters: [{ tagsIncludes: ['v*'] }] }, app),
    ).toThrow('pushFilters need a source of CodePipelineSource.connection, but this one is of S3');
  });

  test('a stack without account and region', () => {
    const stack = new Stack(new App(), 'Pipelines');
    expect(() => new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps())).toThrow(
      "Stack 'Pipelines' of the pipeline has no explicit account and region",
    );
  });

  test('a second pipeline for the same microservice', () => {
    const { app } = synthesize();
    const other = new Stack(app, 'Other', { env: PIPELINE_ENV });
    expect(() => new MicroserviceDeploymentPipeline(other, 'Again', pipelineProps())).toThrow(
      "microservice 'shop' has a pipeline already, at 'Pipelines/Shop'",
    );
  });
});

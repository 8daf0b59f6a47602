import { Aws, Fn, Stack, Stage } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import {
  GateCheck,
  MicroserviceDeploymentPipeline,
  type MicroserviceDeploymentPipelineProps,
  ProductionRollout,
  Slo,
} from '../../../constructs';
import { WILDCARDS } from '../../../constructs/pipeline/acknowledge';
import { wildcardsOf } from '../../../constructs/pipeline/wildcard-ids';
import { inRegion, PIPELINE_ENV, pipelineProps, testApp } from '../../helpers/fixture';

type Overrides = (stack: Stack) => Partial<MicroserviceDeploymentPipelineProps>;

const oneRegion = { regions: [inRegion('us-east-1', 1)], production: ProductionRollout.allAtOnce() };

/** Pipelines with different resources of IAM. */
const PIPELINES: readonly (readonly [string, Overrides])[] = [
  ['of three regions', () => ({})],
  ['of one region and type V2', () => ({ ...oneRegion, pushFilters: [{ tagsIncludes: ['v*'] }] })],
  [
    'with a bucket as source',
    (stack) => ({
      ...oneRegion,
      source: pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Sources', 'sources'), 'a.zip'),
      sourceRevision: 'VersionId',
    }),
  ],
  [
    'that does all that it can',
    (stack) => ({
      checks: { ...pipelineProps().checks, stagingTests: ['npm run test:staging'], additional: { Scan: ['scan'] } },
      slos: [Slo.availability(99.9)],
      gateChecks: [GateCheck.cadence({ maxPerDay: 2 }), GateCheck.loadTest()],
      breakGlass: { role: new iam.Role(stack, 'BreakGlass', { assumedBy: new iam.AccountPrincipal(stack.account) }) },
      topic: new sns.Topic(stack, 'Topic'),
      dockerEnabledForSynth: true,
      pipelineType: codepipeline.PipelineType.V2,
    }),
  ],
];

const pipelineOf = (overrides: Overrides) => {
  const app = testApp();
  const stack = new Stack(app, 'Pipelines', { env: PIPELINE_ENV });
  const pipeline = new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps(overrides(stack)));
  return { app, pipeline };
};

/** Findings of rule IAM5 by the path of the resource, as cdk-nag itself reports them. Those that are acknowledged are none. */
const findingsIn = (scope: IConstruct): readonly string[] =>
  new AwsSolutionsChecks(scope)
    .validateScope(scope)
    .violations.filter(({ ruleName }) => ruleName.startsWith('AwsSolutions-IAM5'))
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    )
    .toSorted();

/** Ids that are acknowledged in the pipeline itself, rather than in its environments. */
function acknowledgedIn(scope: IConstruct): readonly string[] {
  const own = scope.node.metadata
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ data }) => Object.keys(data))
    .map((id) => id.replace(/^annotation::/i, ''))
    .filter((id) => id.startsWith('AwsSolutions-IAM5'))
    .map((id) => `${scope.node.path} ${id}`);
  const children = scope.node.children.filter((child) => !Stage.isStage(child));
  return [...new Set([...own, ...children.flatMap(acknowledgedIn)])].toSorted();
}

describe.each(PIPELINES)('a pipeline %s', (_what, overrides) => {
  const { app, pipeline } = pipelineOf(overrides);
  // The aspect that acknowledges runs at synth: before, cdk-nag reports everything.
  const findings = findingsIn(pipeline);
  app.synth();

  test('has findings of cdk-nag', () => {
    expect(findings.length).toBeGreaterThan(20);
  });

  test('acknowledges exactly what cdk-nag finds', () => {
    expect(acknowledgedIn(pipeline)).toEqual(findings);
    expect(findingsIn(pipeline)).toEqual([]);
  });
});

test('every reason is one for a finding: none is left over from an earlier template', () => {
  const wildcards = PIPELINES.flatMap(([, overrides]) => findingsIn(pipelineOf(overrides).pipeline)).map(
    (finding) => /\[(.*)\]$/.exec(finding)?.[1] ?? '',
  );
  const unused = WILDCARDS.filter((each) => {
    const isFirst = (wildcard: string) => WILDCARDS.find(([pattern]) => pattern.test(wildcard)) === each;
    return !wildcards.some(isFirst);
  });
  expect(unused.map(([pattern]) => pattern.source)).toEqual([]);
});

describe('a wildcard is named as cdk-nag names it:', () => {
  const BUCKET = 'Bucket';

  test.each<[string, iam.PolicyStatementProps]>([
    ['in an action', { actions: ['s3:Get*', 's3:PutObject'], resources: ['arn:aws:s3:::a'] }],
    ['as all actions', { actions: ['*'], resources: ['arn:aws:s3:::a'] }],
    ['as all resources', { actions: ['s3:GetObject'], resources: ['*'] }],
    ['in a text', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b'] }],
    ['behind a parameter', { actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::a/*`] }],
    ['behind an attribute', { actions: ['s3:GetObject'], resources: [`${Fn.getAtt(BUCKET, 'Arn')}/*`] }],
    ['in a substitution', { actions: ['s3:GetObject'], resources: [Fn.sub(`\${${BUCKET}.Arn}/*`)] }],
    ['in a value of another stack', { actions: ['s3:GetObject'], resources: [`${Fn.importValue('Arn')}/*`] }],
    ['in another function', { actions: ['s3:GetObject'], resources: [Fn.select(0, ['a/*', Aws.REGION])] }],
    ['in a map', { actions: ['s3:GetObject'], resources: [Fn.findInMap('Map', Aws.REGION, '*')] }],
    ['and none in what is denied', { effect: iam.Effect.DENY, actions: ['*'], resources: ['*'] }],
    ['and none without one', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/b'] }],
  ])('%s', (_what, statement) => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const document = () => new iam.PolicyDocument({ statements: [new iam.PolicyStatement(statement)] });
    const inline = { assumedBy: new iam.AccountRootPrincipal(), inlinePolicies: { One: document(), Two: document() } };
    const role = new iam.Role(stack, 'Role', inline);
    new iam.User(stack, 'User').attachInlinePolicy(new iam.Policy(stack, 'Policy', { document: document() }));
    new iam.ManagedPolicy(stack, 'Managed', { document: document(), roles: [role] });
    const ours = stack.node
      .findAll()
      .flatMap((node) =>
        'cfnResourceType' in node
          ? wildcardsOf(node as iam.CfnRole).map((wildcard) => `${node.node.path} AwsSolutions-IAM5[${wildcard}]`)
          : [],
      );
    expect(ours.toSorted()).toEqual(findingsIn(stack));
  });
});

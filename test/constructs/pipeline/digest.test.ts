import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readGateConfig } from '../../../lib/gate/config';
import { parsePlan } from '../../../lib/plan/parse-plan';
import { parsePipeline, parseTopology } from '../../../lib/plan/topology';
import { inRegion, STAGING_ENV, synthesize } from '../../helpers/fixture';

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
}

const EUROPE = '444444444444';
/** Two accounts, to show a place that loses its account, or takes that of another region. */
const { app, stack } = synthesize({
  regions: [inRegion('us-east-1', 60), { env: { account: EUROPE, region: 'eu-west-1' }, trafficShare: 40 }],
  production: undefined,
});
const PRODUCTION = [
  { account: '333333333333', region: 'us-east-1' },
  { account: EUROPE, region: 'eu-west-1' },
];

/** Text of a property, with `aws` for each token. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'];
  return joined ? joined[1].map(textOf).join('') : 'aws';
}

const resourcesOf = (of: Stack, type: string): readonly Resource[] =>
  Object.values(Template.fromStack(of).findResources(type)) as Resource[];

const parameters = app.node
  .findAll()
  .filter(Stack.isStack)
  .flatMap((each) => resourcesOf(each, 'AWS::SSM::Parameter'))
  .map(({ Properties }) => ({ name: Properties.Name, value: textOf(Properties.Value) }));

const parametersOf = (name: string): readonly string[] =>
  parameters.flatMap((each) => (each.name === `/deployment-pipeline/shop/${name}` ? [each.value] : []));

const [machine] = resourcesOf(stack, 'AWS::StepFunctions::StateMachine').filter(
  ({ Properties }) => Properties.StateMachineName === 'shop-rollout',
);
const plan = parsePlan(JSON.parse(textOf(machine.Properties.DefinitionString)).States.Plan.Result);

/** Roles that a role of the pipeline may assume. */
const assumedBy = (roleName: string): readonly string[] =>
  resourcesOf(stack, 'AWS::IAM::Role')
    .filter(({ Properties }) => Properties.RoleName === roleName)
    .flatMap(({ Properties }) => JSON.parse(JSON.stringify(Properties.Policies)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => Action === 'sts:AssumeRole')
    .flatMap(({ Resource }) => [Resource].flat().map(textOf));

describe('all that says where production is says the same:', () => {
  test('the plan', () => {
    const environments = Object.entries(plan.environments).map(([name, { account, region }]) => ({
      name,
      account,
      region,
    }));
    expect(environments).toEqual([
      { name: 'staging', ...STAGING_ENV },
      ...PRODUCTION.map((place) => ({ name: place.region, ...place })),
    ]);
    expect(Object.keys(plan.rollouts.canary.environments)).toEqual(PRODUCTION.map(({ region }) => region));
  });

  test('the topology in each region', () => {
    const found = parametersOf('topology').map((value) => parseTopology(value, 'topology').production);
    expect(found).toEqual([PRODUCTION, PRODUCTION]);
  });

  test('the parameter of the pipeline', () => {
    const found = parametersOf('pipeline').map((value) => parsePipeline(value, 'pipeline').topology.production);
    expect(found).toEqual([PRODUCTION]);
  });

  test('the configuration of the gate', () => {
    const found = resourcesOf(stack, 'AWS::Lambda::Function').flatMap(({ Properties }) => {
      const { Variables = {} } = (Properties.Environment ?? {}) as { readonly Variables?: { readonly GATE?: unknown } };
      return 'GATE' in Variables ? [readGateConfig(textOf(Variables.GATE)).production] : [];
    });
    expect(found).toEqual([{ 'us-east-1': '333333333333', 'eu-west-1': EUROPE }]);
  });

  test('the roles that the pipeline may assume', () => {
    expect(assumedBy('shop-us-west-2-rollout-handler')).toEqual(
      Object.values(plan.environments).map(({ roleArn }) => roleArn),
    );
    expect(assumedBy('shop-us-west-2-gate-handler')).toEqual(
      PRODUCTION.map(({ account, region }) => `arn:aws:iam::${account}:role/shop-production-${region}-gate`),
    );
  });
});

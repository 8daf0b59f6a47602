import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { type Resource, type StackTemplate, templates } from './assembly';
import { buildsOf } from './builds';

/** Facts that must hold for what the example synthesizes. Prints all that do not. */

const STAGES = ['Source', 'Build', 'UpdatePipeline', 'Assets', 'Staging', 'Canary', 'Production'];
const CHECKS = ['IntegrationTests', 'Lint', 'UnitTests'];
const BUILDS_BESIDES_CHECKS = ['Synth', 'SelfMutate', 'FileAsset', 'StagingTests'];
/** Images of CodeBuild whose default Node.js is 22 or later. (aws/aws-codebuild-docker-images) */
const IMAGES = ['aws/codebuild/standard:8.0'];
const CANARY_PERCENTAGE = 8;
const TRAFFIC_SHARES: { readonly [region: string]: number } = {
  'us-east-1': 60,
  'eu-west-1': 30,
  'ap-southeast-2': 10,
};
const PRODUCTION_ACCOUNT = '333333333333';
/** Regions of the waves, in order. */
const WAVES = [['ap-southeast-2'], ['eu-west-1'], ['us-east-1']];
const FUNCTIONS = 2;
const ROLLBACK_EVENTS = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'];

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly ActionTypeId: { readonly Provider: string };
}

interface PipelineProperties {
  readonly Stages: readonly { readonly Name: string; readonly Actions: readonly Action[] }[];
}

interface CanaryProperties {
  readonly TrafficRoutingConfig?: { readonly TimeBasedCanary?: { readonly CanaryPercentage: number } };
}

interface GroupProperties {
  readonly AlarmConfiguration?: { readonly Enabled?: boolean; readonly Alarms?: readonly unknown[] };
  readonly AutoRollbackConfiguration?: { readonly Enabled?: boolean; readonly Events?: readonly string[] };
}

type Fact = readonly [sentence: string, problems: (all: readonly StackTemplate[]) => string[]];

const FACTS: readonly Fact[] = [
  [
    'CloudFormation owns no Lambda version and no alias',
    (all) =>
      ['AWS::Lambda::Version', 'AWS::Lambda::Alias'].flatMap((type) =>
        resources(all, type).map(({ at }) => `${type} in ${at}`),
      ),
  ],
  [
    'the stages are as named, in order',
    (all) =>
      differs(
        'stages',
        stages(all).map(({ Name }) => Name),
        STAGES,
      ),
  ],
  [
    'the checks run before synth',
    (all) => {
      const actions = stage(all, 'Build');
      const synth = actions.find(({ Name }) => Name === 'Synth')?.RunOrder ?? 0;
      return differs('actions before Synth', names(actions.filter(({ RunOrder }) => RunOrder < synth)).sort(), CHECKS);
    },
  ],
  [
    'every build runs on an image with Node.js 22 or later',
    (all) => {
      const builds = all.flatMap(buildsOf);
      return [
        ...differs('builds', builds.length, CHECKS.length + BUILDS_BESIDES_CHECKS.length),
        ...builds.filter(({ image }) => !IMAGES.includes(image)).map(({ id, image }) => `${id} runs on ${image}`),
      ];
    },
  ],
  [
    'the release acquires production in the ledger before anything is published',
    (all) => {
      const [first, ...rest] = stage(all, 'Canary');
      const published = rest.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CloudFormation');
      return [
        ...differs('first action of Canary', first?.ActionTypeId.Provider, 'Lambda'),
        ...(published.length === 0 ? ['nothing is published'] : []),
        ...published.filter(({ RunOrder }) => RunOrder <= first.RunOrder).map(({ Name }) => `${Name} does not wait`),
      ];
    },
  ],
  [
    `the canaries are ${CANARY_PERCENTAGE} % of all production traffic`,
    (all) => {
      const shares = Object.entries(TRAFFIC_SHARES).flatMap(([region, share]) =>
        canaryPercentages(production(all, region)).map((percentage) => ({ percentage, share })),
      );
      const total = shares.reduce((sum, { share }) => sum + share, 0);
      const mean = shares.reduce((sum, { percentage, share }) => sum + percentage * share, 0) / total;
      return [
        ...differs('canary configurations', shares.length, Object.keys(TRAFFIC_SHARES).length),
        ...differs('traffic-weighted mean', mean, CANARY_PERCENTAGE),
      ];
    },
  ],
  [
    'every deployment group has alarms and rolls back on failure, alarm and request',
    (all) => {
      const groups = resources(all, 'AWS::CodeDeploy::DeploymentGroup');
      return [
        ...differs('deployment groups', groups.length, FUNCTIONS * (1 + Object.keys(TRAFFIC_SHARES).length)),
        ...groups.flatMap(({ at, resource }) =>
          groupProblems(resource.Properties ?? {}).map((what) => `${at}: ${what}`),
        ),
      ];
    },
  ],
  [
    'the waves of production come one after the other, in order',
    (all) => {
      const waves = stage(all, 'Production').filter(({ ActionTypeId }) => ActionTypeId.Provider === 'StepFunctions');
      const { rollouts } = plan(all);
      return [
        ...differs(
          'regions of the waves',
          names(waves).map((name) => Object.keys(rollouts[name]?.environments ?? {})),
          WAVES,
        ),
        ...differs('moments at which a wave starts', new Set(waves.map(({ RunOrder }) => RunOrder)).size, WAVES.length),
      ];
    },
  ],
  [
    'every template is within the limits of CloudFormation',
    (all) =>
      all
        .filter(({ text, resources }) => Buffer.byteLength(text) > 1_000_000 || Object.keys(resources).length > 500)
        .map(({ file }) => `${file} has more than 1 MB or 500 resources`),
  ],
];

function main(directory: string): void {
  const all = templates(directory);
  let failures = 0;
  for (const [sentence, check] of FACTS) {
    const problems = check(all);
    console.log(`${problems.length === 0 ? 'ok' : 'NOT OK'}: ${sentence}`);
    for (const problem of problems) {
      console.log(`    ${problem}`);
    }
    failures += problems.length === 0 ? 0 : 1;
  }
  console.log(`${FACTS.length - failures} of ${FACTS.length} facts hold, in ${all.length} templates.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

function groupProblems({ AlarmConfiguration, AutoRollbackConfiguration }: GroupProperties): string[] {
  return [
    ...differs('alarms enabled', AlarmConfiguration?.Enabled, true),
    ...((AlarmConfiguration?.Alarms ?? []).length > 0 ? [] : ['has no alarms']),
    ...differs('rollback enabled', AutoRollbackConfiguration?.Enabled, true),
    ...differs('rollback events', [...(AutoRollbackConfiguration?.Events ?? [])].sort(), ROLLBACK_EVENTS),
  ];
}

function canaryPercentages(all: readonly StackTemplate[]): number[] {
  return resources(all, 'AWS::CodeDeploy::DeploymentConfig').flatMap(({ resource }) => {
    const { TrafficRoutingConfig }: CanaryProperties = resource.Properties ?? {};
    return TrafficRoutingConfig?.TimeBasedCanary ? [TrafficRoutingConfig.TimeBasedCanary.CanaryPercentage] : [];
  });
}

const production = (all: readonly StackTemplate[], region: string) =>
  all.filter((template) => template.account === PRODUCTION_ACCOUNT && template.region === region);

function resources(
  all: readonly StackTemplate[],
  type: string,
): { readonly at: string; readonly resource: Resource }[] {
  return all.flatMap(({ file, resources }) =>
    Object.entries(resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ at: `${file}#${id}`, resource })),
  );
}

function stages(all: readonly StackTemplate[]): PipelineProperties['Stages'] {
  const [pipeline, ...others] = resources(all, 'AWS::CodePipeline::Pipeline');
  if (!pipeline || others.length > 0) {
    throw new Error(`The example has one pipeline, but there are ${others.length + (pipeline ? 1 : 0)}`);
  }
  return (pipeline.resource.Properties as unknown as PipelineProperties).Stages;
}

/** Reads the plan in the rollout machine. */
function plan(all: readonly StackTemplate[]): RolloutPlan {
  const plans = resources(all, 'AWS::StepFunctions::StateMachine').flatMap(({ resource }) => {
    const { States } = JSON.parse(flat(resource.Properties?.DefinitionString));
    return States.Plan ? [States.Plan.Result] : [];
  });
  if (plans.length !== 1) {
    throw new Error(`One state machine has the plan of the rollouts, but ${plans.length} do`);
  }
  return plans[0];
}

/** Resolves a string as CloudFormation would, with `?` for values that only a deployment has. */
function flat(value: unknown): string {
  const [, parts] = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'] ?? [];
  return parts?.map((part) => (typeof part === 'string' ? part : '?')).join('') ?? String(value);
}

/** Lists the actions of a stage in the order in which they run. */
function stage(all: readonly StackTemplate[], name: string): Action[] {
  const found = stages(all).find(({ Name }) => Name === name);
  return [...(found?.Actions ?? [])].sort((a, b) => a.RunOrder - b.RunOrder);
}

const names = (actions: readonly Action[]) => actions.map(({ Name }) => Name);

function differs(what: string, actual: unknown, expected: unknown): string[] {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  return is === shouldBe ? [] : [`${what}: ${is}, not ${shouldBe}`];
}

main(process.argv[2]);

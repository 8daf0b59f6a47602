/**
 * Monthly cost of a pipeline, counted from its synthesized templates.
 *
 *     npx cdk synth -q && npx tsx test/readme/cost.ts cdk.out 10
 */
import type { Rollout, RolloutPlan } from '../../lib/plan/rollout-plan';
import { type Resource, resourcesOf, textOf } from './assembly';

/** Dollars, us-east-1, from AWS's price pages; free tiers are not taken off. */
export const PRICE = {
  /** An active pipeline of type V1, a month. aws.amazon.com/codepipeline/pricing */
  pipelineV1: 1,
  /** An action minute of a pipeline of type V2. */
  pipelineV2Minute: 0.002,
  /** A customer managed key, a month. Its first and its second rotation add as much. aws.amazon.com/kms/pricing */
  key: 1,
  /** A metric of an alarm of standard resolution, a month. aws.amazon.com/cloudwatch/pricing */
  alarmMetric: 0.1,
  /** A dashboard, a month, beyond the first three of an account. */
  dashboard: 3,
  /** An API request of CloudWatch. */
  cloudWatchRequest: 0.01 / 1_000,
  /** A gigabyte of logs, ingested. */
  logGigabyte: 0.5,
  /** A state transition. aws.amazon.com/step-functions/pricing */
  transition: 0.025 / 1_000,
  /** aws.amazon.com/lambda/pricing, x86 */
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000166667,
  /** A minute of general1.small, Linux. aws.amazon.com/codebuild/pricing */
  buildMinute: 0.005,
} as const;

/** Assumptions beyond the templates. */
export const ASSUMED = {
  /** Minutes of each CodeBuild action. */
  buildMinutes: 3,
  /** Duration of one round of the watch over all regions. */
  watchSeconds: 2,
  /** Bytes that one round of the watch writes to logs: 9 events of Step Functions, and the lines of one invocation. */
  logBytesPerRound: 6_000,
} as const;

export interface Line {
  readonly what: string;
  readonly computation: string;
  readonly dollars: number;
}

/** A month's bill of all pipelines in an assembly. Every pipeline releases as often. */
export function monthlyCost(assembly: string, releases: number): Line[] {
  const resources = resourcesOf(assembly);
  const all = (type: string) => resources.filter((resource) => resource.Type === type);
  const pipelines = all('AWS::CodePipeline::Pipeline');
  const keys = all('AWS::KMS::Key').length;
  const alarms = all('AWS::CloudWatch::Alarm');
  const dashboards = all('AWS::CloudWatch::Dashboard').length;
  const metrics = alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0);
  const builds = pipelines.flatMap(actionsOf).filter((action) => action.ActionTypeId.Provider === 'CodeBuild').length;
  const watched = plansOf(resources).flatMap(({ rollouts }) => Object.values(rollouts));
  const rounds = sum(watched.map((rollout) => minutesOf(rollout, resources)));
  const requests = sum(
    watched.map((rollout) => minutesOf(rollout, resources) * Object.keys(rollout.environments).length),
  );
  const states = statesPerRound(resources);
  const gigabyteSeconds = rounds * ASSUMED.watchSeconds * 0.25;
  const gigabytes = (rounds * ASSUMED.logBytesPerRound) / 1e9;
  const perRelease = (what: string, computation: string, dollars: number): Line => ({
    what,
    computation: `${releases} releases × ${computation}`,
    dollars: releases * dollars,
  });
  return [
    {
      what: 'CodePipeline, V1',
      computation: `${pipelines.length} pipeline × $1`,
      dollars: pipelines.length * PRICE.pipelineV1,
    },
    { what: 'KMS', computation: `${keys} keys × $1`, dollars: keys * PRICE.key },
    {
      what: 'CloudWatch alarms',
      computation: `${alarms.length} alarms with ${metrics} metrics × $0.10`,
      dollars: metrics * PRICE.alarmMetric,
    },
    {
      what: 'CloudWatch dashboards',
      computation: `${dashboards} dashboard × $3, beyond the first three of an account`,
      dollars: dashboards * PRICE.dashboard,
    },
    perRelease(
      'CodeBuild',
      `${builds} actions × ${ASSUMED.buildMinutes} min × $0.005`,
      builds * ASSUMED.buildMinutes * PRICE.buildMinute,
    ),
    perRelease(
      'Step Functions',
      `${rounds} rounds × ${states} transitions × $0.000025`,
      rounds * states * PRICE.transition,
    ),
    perRelease(
      'Lambda, watching',
      `${rounds} rounds × ${ASSUMED.watchSeconds} s × 256 MB`,
      gigabyteSeconds * PRICE.lambdaGigabyteSecond + rounds * PRICE.lambdaRequest,
    ),
    perRelease(
      'CloudWatch requests',
      `${requests} (one per environment and round) × $0.00001`,
      requests * PRICE.cloudWatchRequest,
    ),
    perRelease(
      'CloudWatch logs',
      `${rounds} rounds × ${ASSUMED.logBytesPerRound / 1_000} kB × $0.50 per GB`,
      gigabytes * PRICE.logGigabyte,
    ),
  ];
}

/** Formats a bill as a Markdown table with the total. */
export function costTable(lines: readonly Line[]): string {
  const dollars = (amount: number) => `$${amount.toFixed(2)}`;
  const rows = lines.map((line) => `| ${line.what} | ${line.computation} | ${dollars(line.dollars)} |`);
  return [
    '| | Computation | A month |',
    '|---|---|---:|',
    ...rows,
    `| **Together** | | **${dollars(sum(lines.map((line) => line.dollars)))}** |`,
    '',
  ].join('\n');
}

/** An alarm on metric math is billed for every metric that it reads. */
function metricsOf({ Properties }: Resource): number {
  const queries = (Properties.Metrics ?? []) as { readonly MetricStat?: unknown }[];
  return queries.length === 0 ? 1 : queries.filter((query) => query.MetricStat !== undefined).length;
}

interface Action {
  readonly ActionTypeId: { readonly Provider: string };
}

function actionsOf({ Properties }: Resource): Action[] {
  return (Properties.Stages as { readonly Actions: Action[] }[]).flatMap((stage) => stage.Actions);
}

interface Machine {
  readonly States: { readonly [name: string]: { readonly Type: string; readonly Result?: unknown } };
}

function machinesOf(resources: readonly Resource[]): Machine[] {
  return resources
    .filter((resource) => resource.Type === 'AWS::StepFunctions::StateMachine')
    .map(({ Properties }) => JSON.parse(textOf(Properties.DefinitionString)) as Machine);
}

/** The plans that are embedded in the rollout machines. */
function plansOf(resources: readonly Resource[]): RolloutPlan[] {
  return machinesOf(resources).flatMap(({ States }) => (States.Plan ? [States.Plan.Result as RolloutPlan] : []));
}

/** States of the loop of a leg's machine: all but its first and its last. */
function statesPerRound(resources: readonly Resource[]): number {
  const leg = machinesOf(resources).find(({ States }) => States.Watch);
  if (!leg) {
    throw new Error('No state machine of the assembly has a state Watch');
  }
  return Object.values(leg.States).filter((state) => ['Task', 'Choice', 'Wait'].includes(state.Type)).length;
}

/** Returns how long a healthy rollout is watched, a round a minute: its steps, then its observation. */
function minutesOf(rollout: Rollout, resources: readonly Resource[]): number {
  if (rollout.kind === 'CANARY') {
    return rollout.observeMinutes;
  }
  const names = Object.values(rollout.environments).map((environment) => environment.deploymentConfig);
  return Math.max(...names.map((name) => shiftMinutes(name, resources))) + rollout.observeMinutes;
}

interface Linear {
  readonly TimeBasedLinear?: { readonly LinearPercentage: number; readonly LinearInterval: number };
}

/** Returns the minutes from the first shift of traffic to the last. */
function shiftMinutes(configuration: string, resources: readonly Resource[]): number {
  const found = resources.find(
    ({ Type, Properties }) =>
      Type === 'AWS::CodeDeploy::DeploymentConfig' && Properties.DeploymentConfigName === configuration,
  );
  const linear = (found?.Properties.TrafficRoutingConfig as Linear | undefined)?.TimeBasedLinear;
  return linear ? (Math.ceil(100 / linear.LinearPercentage) - 1) * linear.LinearInterval : 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

if (require.main === module) {
  const [assembly, releases] = process.argv.slice(2);
  process.stdout.write(costTable(monthlyCost(assembly ?? 'cdk.out', Number(releases ?? 10))));
}

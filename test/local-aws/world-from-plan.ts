import { environmentGateRoleName } from '../../lib/plan/names';
import { publishedJson } from '../../lib/plan/revision';
import type { EnvironmentPlan, RolloutPlan } from '../../lib/plan/rollout-plan';
import { type LambdaPlan, lambdaPlan } from '../../lib/workload/lambda/plan';
import { published } from '../helpers/revisions';
import type { Behaviour } from './behaviour';
import type { Place } from './call';
import { configNamedByValue, predefinedConfig } from './deployment-config';
import type { LambdaFunction } from './lambda-function';
import { World, type WorldOptions } from './world';

/** Alias that callers use. */
const ALIAS = 'live';

export interface PlanWorldOptions extends WorldOptions {
  /** Account and region of the pipeline. */
  readonly pipeline: Place;
  readonly behaviour?: Partial<Behaviour>;
  /** True if the functions have been released before: version 1 is then live. Default: true. */
  readonly released?: boolean;
}

/** A world with the deployed environments of a plan. */
export interface PlanWorld {
  readonly world: World;
  readonly plan: RolloutPlan;
  readonly pipeline: Place;
  /** Returns the function behind a key of an environment. */
  function(environment: string, key: string): LambdaFunction;
  /** Publishes new code of a function, as a stack's deployment does, and reports it. Returns the candidate. */
  publish(environment: string, key: string, code: string): string;
  /** Reports a candidate as an environment does: in its parameter. */
  report(environment: string, key: string, version: string): void;
  /** Returns each version's share of an alias's traffic: `{ 1: 0.92, 2: 0.08 }`. */
  shares(environment: string, key: string): { readonly [version: string]: number };
  /** Returns the shares of every alias of a phase by `<environment>/<key>`, to compare the whole fleet at once. */
  fleet(phase: EnvironmentPlan['phase']): { readonly [name: string]: { readonly [version: string]: number } };
  /** Sets an alarm of the plan. */
  alarm(environment: string, name: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', reason?: string): void;
}

/**
 * Starts a world and creates the resources of the plan: roles, functions with version 1 live, deployment groups and
 * configurations, parameters, alarms in OK.
 */
export async function worldFromPlan(plan: RolloutPlan, options: PlanWorldOptions): Promise<PlanWorld> {
  const world = await World.start(options.behaviour, options);
  const environments = Object.entries(plan.environments);
  for (const [name, environment] of environments) {
    world.sts.addRole(environment.roleArn, [options.pipeline.account]);
    if (environment.phase === 'PRODUCTION') {
      world.sts.addRole(gateRoleArn(plan, environment), [options.pipeline.account]);
    }
    createConfigs(world, plan, name);
    createAlarms(world, plan, name);
    for (const [key, target] of Object.entries(environment.targets)) {
      createFunction(world, plan, environment, key, lambdaPlan(target, key), options.released ?? true);
    }
  }
  const planned = (environment: string): EnvironmentPlan => {
    const found = plan.environments[environment];
    if (!found) {
      throw new Error(`The plan has no environment ${environment}, only ${Object.keys(plan.environments).join(', ')}`);
    }
    return found;
  };
  const find = (environment: string, key: string): LambdaFunction => {
    const place = planned(environment);
    const found = world.lambda.find(place, functionName(plan, place, key));
    if (!found) {
      throw new Error(`There is no function ${key} in ${environment}`);
    }
    return found;
  };
  const publish = (environment: string, key: string, code: string): string => {
    const found = find(environment, key);
    found.update({ code });
    const { version } = found.publish();
    if (!found.aliases.has(ALIAS)) {
      found.setAlias(ALIAS, version);
    }
    report(world, planned(environment), key, found, version);
    return version;
  };
  const ofPhase = (phase: EnvironmentPlan['phase']): string[] =>
    environments.filter(([, environment]) => environment.phase === phase).map(([name]) => name);
  return {
    world,
    plan,
    pipeline: options.pipeline,
    function: find,
    publish,
    report: (environment, key, version) => report(world, planned(environment), key, find(environment, key), version),
    shares: (environment, key) => find(environment, key).shares(ALIAS),
    fleet: (phase) =>
      Object.fromEntries(
        ofPhase(phase).flatMap((name) =>
          Object.keys(planned(name).targets).map((key) => [`${name}/${key}`, find(name, key).shares(ALIAS)]),
        ),
      ),
    alarm: (environment, name, state, reason) => world.cloudwatch.set(planned(environment), name, state, reason),
  };
}

/** Makes a physical name as CloudFormation does; no code has it at synth. */
const functionName = (plan: RolloutPlan, environment: EnvironmentPlan, key: string): string =>
  `${plan.service}-${environment.phase.toLowerCase()}-${key}-8HX2PQ`;

/** Role in a production environment that the pipeline's gate assumes. */
const gateRoleArn = ({ service }: RolloutPlan, { account, region }: EnvironmentPlan): string =>
  `arn:aws:iam::${account}:role/${environmentGateRoleName(service, region)}`;

function createFunction(
  world: World,
  plan: RolloutPlan,
  environment: EnvironmentPlan,
  key: string,
  fn: LambdaPlan,
  released: boolean,
): void {
  const created = world.lambda.create(environment, functionName(plan, environment, key), 'code of the first release');
  if (released) {
    const { version } = created.publish();
    created.setAlias(ALIAS, version);
    report(world, environment, key, created, version);
  }
  world.codedeploy.addGroup({
    place: { account: environment.account, region: environment.region },
    application: fn.application,
    name: fn.deploymentGroup,
    config: 'CodeDeployDefault.LambdaAllAtOnce',
    alarms: { enabled: true, ignorePollAlarmFailure: false, alarms: alarmsOf(plan, environment, key) },
    autoRollback: {
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
  });
}

function report(world: World, environment: EnvironmentPlan, key: string, found: LambdaFunction, version: string): void {
  const reported = JSON.stringify(publishedJson(published(found.name, version)));
  world.ssm.put(environment, environment.targets[key].parameter, reported);
}

function createConfigs(world: World, plan: RolloutPlan, environment: string): void {
  for (const rollout of Object.values(plan.rollouts)) {
    const name = rollout.environments[environment]?.deploymentConfig;
    if (name === undefined || predefinedConfig(name)) {
      continue;
    }
    const config = configNamedByValue(name);
    if (!config) {
      throw new Error(`The deployment configuration ${name} is neither predefined nor named by value`);
    }
    world.codedeploy.addConfig(plan.environments[environment], name, config);
  }
}

function createAlarms(world: World, plan: RolloutPlan, environment: string): void {
  for (const rollout of Object.values(plan.rollouts)) {
    for (const name of Object.values(rollout.environments[environment]?.alarms ?? {}).flat()) {
      world.cloudwatch.set(plan.environments[environment], name, 'OK', 'no data point over the threshold');
    }
  }
}

/** Returns the alarms of the group itself, which are those of a wave. */
function alarmsOf(plan: RolloutPlan, environment: EnvironmentPlan, key: string): string[] {
  const names = Object.values(plan.rollouts)
    .filter(({ kind }) => kind !== 'CANARY')
    .flatMap((rollout) =>
      Object.entries(rollout.environments)
        .filter(([name]) => plan.environments[name] === environment)
        .flatMap(([, { alarms }]) => alarms[key] ?? []),
    );
  return [...new Set(names)];
}

import { arrayOf, count, oneOf, optional, record, recordOf, ShapeError, schema, text } from '../core/shape';
import { WORKLOAD_KINDS } from './kinds';
import { parseKind } from './revision';
import type {
  EnvironmentPlan,
  EnvironmentRollout,
  Phase,
  Rollout,
  RolloutKind,
  RolloutPlan,
  TargetPlan,
} from './rollout-plan';
import { parseBlackout, parseWindow } from './schedule-facts';

const PHASES: readonly Phase[] = ['STAGING', 'PRODUCTION'];
const KINDS: readonly RolloutKind[] = ['STAGING', 'CANARY', 'WAVE'];

const planSchema = schema(1, 'the machine and its handlers are of different versions; deploy the pipeline again');

/** A rollout's name is part of the mark in a deployment's description, whose separators it must not contain. */
const ROLLOUT_NAME = /^[^[\]/#]{1,100}$/;

/**
 * Reads the plan that travels in the machine's state. Refuses a plan of a shape, or with a kind of workload, that this code
 * does not know.
 */
export function parsePlan(value: unknown, kinds: readonly string[] = WORKLOAD_KINDS): RolloutPlan {
  const plan = record(value, 'plan');
  planSchema(plan.schema, 'plan.schema');
  const environments = recordOf(plan.environments, 'plan.environments', (each, at) => environment(each, at, kinds));
  const rollouts = recordOf(plan.rollouts, 'plan.rollouts', rollout);
  checkReferences(environments, rollouts);
  const blackouts = optional(plan.blackouts, 'plan.blackouts', (value, at) => arrayOf(value, at, parseBlackout));
  return { schema: 1, service: text(plan.service, 'plan.service'), environments, rollouts, blackouts };
}

function environment(value: unknown, at: string, kinds: readonly string[]): EnvironmentPlan {
  const plan = record(value, at);
  return {
    phase: oneOf(plan.phase, `${at}.phase`, PHASES),
    account: text(plan.account, `${at}.account`),
    region: text(plan.region, `${at}.region`),
    roleArn: text(plan.roleArn, `${at}.roleArn`),
    targets: recordOf(plan.targets, `${at}.targets`, (target, where) => targetPlan(target, where, kinds)),
  };
}

function targetPlan(value: unknown, at: string, kinds: readonly string[]): TargetPlan {
  const fields = recordOf(value, at, text);
  return {
    ...fields,
    kind: parseKind(fields.kind, `${at}.kind`, kinds),
    parameter: text(fields.parameter, `${at}.parameter`),
  };
}

function rollout(value: unknown, at: string, name: string): Rollout {
  if (!ROLLOUT_NAME.test(name)) {
    throw new ShapeError(`${at}: a rollout's name has 1 to 100 characters and none of [ ] / #`);
  }
  const plan = record(value, at);
  return {
    kind: oneOf(plan.kind, `${at}.kind`, KINDS),
    environments: recordOf(plan.environments, `${at}.environments`, environmentRollout),
    observeMinutes: count(plan.observeMinutes, `${at}.observeMinutes`),
    shiftMinutes: optional(plan.shiftMinutes, `${at}.shiftMinutes`, count),
    window: optional(plan.window, `${at}.window`, parseWindow),
    after: arrayOf(plan.after, `${at}.after`, text),
  };
}

function environmentRollout(value: unknown, at: string): EnvironmentRollout {
  const plan = record(value, at);
  return {
    deploymentConfig: text(plan.deploymentConfig, `${at}.deploymentConfig`),
    alarms: recordOf(plan.alarms, `${at}.alarms`, (alarms, where) => arrayOf(alarms, where, text)),
  };
}

function checkReferences(environments: RolloutPlan['environments'], rollouts: RolloutPlan['rollouts']): void {
  for (const [name, { environments: touched, after }] of Object.entries(rollouts)) {
    for (const environmentName of Object.keys(touched)) {
      if (!environments[environmentName]) {
        throw new ShapeError(`plan.rollouts.${name} names the environment "${environmentName}", which the plan lacks`);
      }
    }
    for (const earlier of after) {
      if (!rollouts[earlier]) {
        throw new ShapeError(`plan.rollouts.${name} runs after "${earlier}", which the plan lacks`);
      }
    }
  }
}

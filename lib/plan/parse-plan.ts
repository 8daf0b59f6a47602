import { arrayOf, count, json, oneOf, optional, record, recordOf, ShapeError, text } from '../core/shape';
import type {
  EnvironmentPlan,
  EnvironmentRollout,
  FunctionPlan,
  Phase,
  PublishedRevision,
  Rollout,
  RolloutKind,
  RolloutPlan,
} from './rollout-plan';
import { parseBlackout, parseWindow } from './schedule-facts';

const PHASES: readonly Phase[] = ['STAGING', 'PRODUCTION'];
const KINDS: readonly RolloutKind[] = ['STAGING', 'CANARY', 'WAVE'];

/** A rollout's name is part of the mark in a deployment's description, whose separators it must not contain. */
const ROLLOUT_NAME = /^[^[\]/#]{1,100}$/;

/** Reads the plan that travels in the machine's state. Refuses a plan of a shape that this code does not know. */
export function parsePlan(value: unknown): RolloutPlan {
  const plan = record(value, 'plan');
  if (plan.schema !== 1) {
    throw new ShapeError(
      `plan.schema must be 1, but is ${JSON.stringify(plan.schema)}: the machine and its handlers are of different versions; deploy the pipeline again`,
    );
  }
  const environments = recordOf(plan.environments, 'plan.environments', environment);
  const rollouts = recordOf(plan.rollouts, 'plan.rollouts', rollout);
  checkReferences(environments, rollouts);
  const blackouts = optional(plan.blackouts, 'plan.blackouts', (value, at) => arrayOf(value, at, parseBlackout));
  return { schema: 1, service: text(plan.service, 'plan.service'), environments, rollouts, blackouts };
}

/** Reads what an environment reports about one function in its SSM parameter. */
export function parsePublishedRevision(source: string, at: string): PublishedRevision {
  return publishedRevision(json(source, at), at);
}

export function publishedRevision(value: unknown, at: string): PublishedRevision {
  const revision = record(value, at);
  const version = text(revision.version, `${at}.version`);
  if (!/^\d+$/.test(version)) {
    throw new ShapeError(`${at}.version must be the number of a published version, but is "${version}"`);
  }
  return {
    functionName: text(revision.functionName, `${at}.functionName`),
    alias: text(revision.alias, `${at}.alias`),
    version,
  };
}

function environment(value: unknown, at: string): EnvironmentPlan {
  const plan = record(value, at);
  return {
    phase: oneOf(plan.phase, `${at}.phase`, PHASES),
    account: text(plan.account, `${at}.account`),
    region: text(plan.region, `${at}.region`),
    roleArn: text(plan.roleArn, `${at}.roleArn`),
    functions: recordOf(plan.functions, `${at}.functions`, functionPlan),
  };
}

function functionPlan(value: unknown, at: string): FunctionPlan {
  const plan = record(value, at);
  return {
    application: text(plan.application, `${at}.application`),
    deploymentGroup: text(plan.deploymentGroup, `${at}.deploymentGroup`),
    parameter: text(plan.parameter, `${at}.parameter`),
    neverPromoteHook: text(plan.neverPromoteHook, `${at}.neverPromoteHook`),
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

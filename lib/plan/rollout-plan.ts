import { count, listOf, mapOf, maybe, object, type Shape, ShapeError, schema, text, texts, word } from '../core/shape';
import { blackout } from './blackout';
import { kindIn } from './revision';
import { window } from './window-shape';

const environmentRollout = object({
  /** CodeDeploy deployment configuration of this rollout in this environment. */
  deploymentConfig: text,
  /** CloudWatch alarms that watch each target during this rollout, by the target's key. */
  alarms: mapOf(listOf(text)),
});

export type EnvironmentRollout = Shape<typeof environmentRollout>;

const rolloutKind = word('STAGING', 'CANARY', 'WAVE');

export type RolloutKind = Shape<typeof rolloutKind>;

const rollout = object({
  kind: rolloutKind,
  /** Environments by name, in the order in which they are read. */
  environments: mapOf(environmentRollout),
  /**
   * Minutes of observation. For a canary they are the traffic cycle, counted from the moment its deployments run. For
   * staging and for a wave they are the bake, counted from the moment the last deployment has shifted all traffic.
   */
  observeMinutes: count,
  /** Minutes from the first shift of traffic to the last; none when all of it shifts at once. */
  shiftMinutes: maybe(count),
  /** Window in which it may begin. Without one it may always begin. */
  window: maybe(window),
  /** Rollouts that must have passed for the same release before this one may start. */
  after: listOf(text),
});

export type Rollout = Shape<typeof rollout>;

/** A rollout's name is part of the mark in a deployment's description, whose separators it must not contain. */
const ROLLOUT_NAME = /^[^[\]/#]{1,100}$/;

const namedRollout = (value: unknown, at: string, name: string): Rollout => {
  if (ROLLOUT_NAME.test(name)) return rollout(value, at);
  throw new ShapeError(`${at}: a rollout's name has 1 to 100 characters and none of [ ] / #`);
};

const targetPlan = (kinds: readonly string[]) =>
  texts({
    /** Kind of its workload: one of `WORKLOAD_KINDS`. */
    kind: kindIn(kinds),
    /** Name of the SSM parameter in which the environment reports what it has published. */
    parameter: text,
  });

/** Plan of one target. All of its fields are texts; those that are not here belong to its kind alone. */
export type TargetPlan = Shape<ReturnType<typeof targetPlan>>;

const phase = word('STAGING', 'PRODUCTION');

export type Phase = Shape<typeof phase>;

const environmentPlan = (kinds: readonly string[]) =>
  object({
    phase,
    account: text,
    region: text,
    /** The role in the environment that the rollout handlers assume. */
    roleArn: text,
    /** Units of the workload, by key. Each one is shifted by deployments of its own. */
    targets: mapOf(targetPlan(kinds)),
  });

export type EnvironmentPlan = Shape<ReturnType<typeof environmentPlan>>;

/**
 * Reads a plan, apart from the names by which its parts refer to each other.
 *
 * @param kinds of workloads that the caller can read
 */
export const rolloutPlan = (kinds: readonly string[]) =>
  object({
    /** Number of this object's shape. A handler refuses a plan with another number. */
    schema: schema(1, 'the machine and its handlers are of different versions; deploy the pipeline again'),
    /** Name of the microservice. */
    service: text,
    /** Environments by name: `staging` for staging, the region for production. */
    environments: mapOf(environmentPlan(kinds)),
    /** Rollouts by name, in the order in which they run: `staging`, `canary`, and the production waves. */
    rollouts: mapOf(namedRollout),
    /** Times in which no release may be under way in production, past ones included. */
    blackouts: maybe(listOf(blackout)),
  });

/**
 * Plan of all rollouts of a pipeline: computed at synth, embedded once in the rollout machine, read by its handlers.
 *
 * It names everything by strings that are known at synth. The published revision, and the physical names of what serves
 * it, exist only after a deployment: the ledger gets them from the environment's SSM parameters, once per release.
 */
export type RolloutPlan = Shape<ReturnType<typeof rolloutPlan>>;

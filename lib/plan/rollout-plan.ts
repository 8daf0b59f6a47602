import type { Blackout } from './blackout';
import type { Window } from './window';

/**
 * The plan of all rollouts of a pipeline: computed at synth, embedded once in the rollout machine, read by its handlers.
 *
 * It names everything by strings that are known at synth. What only a deployment knows (the published revision, and the
 * physical names of what serves it) is read from the environment's SSM parameters, once per release, into the ledger.
 */
export interface RolloutPlan {
  /** The shape of this object. A handler refuses a plan of a shape it does not know. */
  readonly schema: 1;
  /** The microservice's name. */
  readonly service: string;
  /** By environment name: `staging` for staging, the region for production. */
  readonly environments: { readonly [name: string]: EnvironmentPlan };
  /** By name: `staging`, `canary`, and the names of the production waves, in the order in which they run. */
  readonly rollouts: { readonly [name: string]: Rollout };
  /** When no release may be under way in production; those that are over included. */
  readonly blackouts?: readonly Blackout[];
}

export type Phase = 'STAGING' | 'PRODUCTION';

export interface EnvironmentPlan {
  readonly phase: Phase;
  readonly account: string;
  readonly region: string;
  /** The role in the environment that the rollout handlers assume. */
  readonly roleArn: string;
  /** By the target's key: the units of the workload, each of which is shifted by deployments of its own. */
  readonly targets: { readonly [key: string]: TargetPlan };
}

/** What the plan says of one target. All of its fields are texts; those that are not here belong to its kind alone. */
export interface TargetPlan {
  /** Kind of its workload: one of `WORKLOAD_KINDS`. */
  readonly kind: string;
  /** Name of the SSM parameter in which the environment reports what it has published. */
  readonly parameter: string;
}

export type RolloutKind = 'STAGING' | 'CANARY' | 'WAVE';

export interface Rollout {
  readonly kind: RolloutKind;
  /** By environment name, in the order in which they are asked. */
  readonly environments: { readonly [name: string]: EnvironmentRollout };
  /**
   * Minutes of observation. For a canary they are the traffic cycle, counted from the moment its deployments run. For
   * staging and for a wave they are the bake, counted from the moment the last deployment has shifted all traffic.
   */
  readonly observeMinutes: number;
  /** Minutes from the first shift of traffic to the last; none when all of it shifts at once. */
  readonly shiftMinutes?: number;
  /** When it may begin; always if there is none. */
  readonly window?: Window;
  /** Rollouts that must have passed for the same release before this one may start. */
  readonly after: readonly string[];
}

export interface EnvironmentRollout {
  /** CodeDeploy deployment configuration of this rollout in this environment. */
  readonly deploymentConfig: string;
  /** By the target's key: the CloudWatch alarms that watch it during this rollout. */
  readonly alarms: { readonly [key: string]: readonly string[] };
}

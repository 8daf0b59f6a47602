import type { RolloutPlan } from './plan';

/** Where the rollout machine goes next. */
export type Next =
  /** Ask the same handler again in a while. */
  | 'WAIT'
  /** Traffic is moving (or about to): watch. */
  | 'WATCH'
  /** This leg has used up its history: go on in a new one. */
  | 'NEW_LEG'
  /** The observation is over and all is well. */
  | 'SETTLE'
  /** The handler's job is done. */
  | 'DONE'
  /** The release is bad: return all regions to the stable revision. */
  | 'ROLL_BACK'
  /** This rollout may not run; nothing was touched. */
  | 'REFUSED';

/** What every rollout handler answers. It replaces `outcome` in the state. */
export interface Outcome {
  readonly next: Next;
  /** For a person: what, where, and why, with the measured number and the limit. */
  readonly reason: string;
  /** When the rollout's deployments were first all running; ISO 8601. */
  readonly startedAt?: string;
  /** By environment, by function: the CodeDeploy deployment of this rollout. A function with nothing to do has none. */
  readonly deployments?: { readonly [environment: string]: { readonly [key: string]: string } };
  /** By environment: since when it could not be asked; ISO 8601. */
  readonly silentSince?: { readonly [environment: string]: string };
}

/** What Step Functions puts in place of the outcome when a handler threw, timed out or could not be invoked. */
export interface CaughtError {
  readonly Error: string;
  readonly Cause?: string;
}

/** The state of the rollout machine, which every handler gets whole. */
export interface RolloutState {
  /** Name of the rollout in the plan. */
  readonly rollout: string;
  /** Execution of the pipeline: the release. */
  readonly executionId: string;
  readonly commit: string;
  readonly plan: RolloutPlan;
  /** When the present leg began; set by the leg's machine; ISO 8601. */
  readonly legStartedAt?: string;
  readonly outcome?: Outcome | CaughtError;
}

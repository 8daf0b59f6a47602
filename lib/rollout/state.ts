import type { SnsMessage } from '../messages/compose';
import type { RolloutPlan } from '../plan/rollout-plan';

/** Where the rollout machine goes next. */
export type Next =
  /** Ask the same handler again in a while. */
  | 'WAIT'
  /** Traffic is moving (or about to): watch. */
  | 'WATCH'
  /** Deployments are to be created: the window has opened, one was lost, or the canary goes on in new ones. */
  | 'START'
  /** This leg has used up its history: go on in a new one. */
  | 'NEW_LEG'
  /** The observation is over and all is well. */
  | 'SETTLE'
  /** The handler's job is done. */
  | 'DONE'
  /** The release is bad: return all regions to the stable revision. */
  | 'ROLLBACK'
  /** The execution that runs the release's rollout is to be stopped first; then ask again. */
  | 'STOP'
  /** The rollback that was asked for finds nothing to do. */
  | 'NOTHING'
  /** This rollout may not run; nothing was touched. */
  | 'REFUSED';

/** With which error the machine fails after a rollback. */
export type RollbackError = 'RolledBack' | 'Refused' | 'RollbackIncomplete';

/** With which error the machine fails, other than `Refused`, when a rollout may not run. */
export type MachineError = RollbackError | 'CollectFailed';

/** Schema number of the part of the machine's state that handlers write: their outcomes. */
export const STATE_SCHEMA = 1;

/** What every rollout handler answers. It replaces `outcome` in the state. */
export interface Outcome {
  /** `STATE_SCHEMA`: added to every answer on its way into the state. */
  readonly schema?: number;
  readonly next: Next;
  /** For a person: what, where, and why, with the measured number and the limit. */
  readonly reason: string;
  /** Since when the rollout's present deployments have all been running; ISO 8601. */
  readonly startedAt?: string;
  /** Minutes of observation before `startedAt`: of a canary in earlier deployments, and until one was started again. */
  readonly observedMinutes?: number;
  /** Of the rollout, as in the marks of the present deployments. */
  readonly attempt?: number;
  /** The canary is to return and then to go on in new deployments: CodeDeploy's timer would end these. */
  readonly renews?: boolean;
  /** By environment, by target: the deployment of this rollout. A target with nothing to do has none. */
  readonly deployments?: Deployments;
  /** The rollout has not begun, because its window opens only then; ISO 8601. */
  readonly waitsUntil?: string;
  /** By environment: since when it could not be asked; ISO 8601. */
  readonly silentSince?: { readonly [environment: string]: string };
  /** Since when the same handler has answered WAIT; ISO 8601. Patience is counted from here. */
  readonly waitingSince?: string;
  /** With WAIT: how long until a rollback is asked again. Start and Settle are asked at fixed intervals. */
  readonly waitSeconds?: number;
  /** Why the release is rolled back. Kept while the rollback waits, since its own answers replace the reason. */
  readonly because?: string;
  /** With STOP: ARN of the execution that is to be stopped. */
  readonly machine?: string;
  /** While a rollback that a person asked for waits: whether the pipeline is held for that person. */
  readonly held?: boolean;
  /** Only at the end of a rollback. */
  readonly error?: MachineError;
  /** Of a rollback, which is asked for without it: the commit of the release, for the message alone. */
  readonly commit?: string;
  /** With NOTHING: the release has been ended by this. */
  readonly ended?: 'ABANDONED';
  /** What the machine tells the team before it ends. */
  readonly message?: SnsMessage;
}

/** By environment, by target: the id of a deployment. */
export type Deployments = { readonly [environment: string]: { readonly [key: string]: string } };

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
  /** ARN of the execution that runs this rollout; set by the machine. */
  readonly machine?: string;
  /** When the present leg began; set by the leg's machine; ISO 8601. */
  readonly legStartedAt?: string;
  readonly outcome?: Outcome | CaughtError;
}

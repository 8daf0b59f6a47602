import { anyText, count, flag, mapOf, maybe, moment, object, type Reader, type Shape, text, word } from '../core/shape';
import type { SnsMessage } from '../messages/compose';
import { parsePlan } from '../plan/parse-plan';

const next = word(
  /** Call the same handler again in a while. */
  'WAIT',
  /** Traffic is moving (or about to): watch. */
  'WATCH',
  /** Create deployments: the window has opened, one was lost, or the canary goes on in new ones. */
  'START',
  /** Go on in a new leg: this one has used up its history. */
  'NEW_LEG',
  /** The observation is over and all is well. */
  'SETTLE',
  /** The handler is done. */
  'DONE',
  /** The release is bad: return all regions to the stable revision. */
  'ROLLBACK',
  /** Stop the execution that runs the release's rollout, then call the handler again. */
  'STOP',
  /** The rollback finds nothing to do. */
  'NOTHING',
  /** This rollout may not run; nothing was touched. */
  'REFUSED',
);

/** Next step of the rollout machine. */
export type Next = Shape<typeof next>;

const deployments = mapOf(mapOf(text));

/** Ids of deployments, by environment, then by target. */
export type Deployments = Shape<typeof deployments>;

/** Reads true; any other value is undefined. */
const trueOrNothing: Reader<boolean | undefined> = (value) => value === true || undefined;

/** Reads a text; any other value is undefined. */
const textOrNothing: Reader<string | undefined> = (value) => (typeof value === 'string' ? value : undefined);

/** Error with which the machine fails after a rollback. */
export type RollbackError = 'RolledBack' | 'Refused' | 'RollbackIncomplete';

/** Error with which the machine fails; other than `Refused`, when a rollout may not run. */
export type MachineError = RollbackError | 'CollectFailed';

/** Schema number of the part of the machine's state that handlers write: their outcomes. */
export const STATE_SCHEMA = 1;

/** Reads the answer of the last handler, for the next one. */
export const answered = object({
  next,
  /** Reason for a person: what, where, and why, with the measured number and the limit. */
  reason: text,
  /** Moment from which on all present deployments of the rollout have been running; ISO 8601. */
  startedAt: maybe(moment),
  /** Minutes of observation before `startedAt`: of a canary in earlier deployments, and until one was started again. */
  observedMinutes: maybe(count),
  /** Attempt of the rollout, as in the marks of the present deployments. */
  attempt: maybe(count),
  /** Whether the canary returns only to go on in new deployments, because CodeDeploy's timer would end these. */
  renews: maybe(flag),
  /** Deployments of this rollout, by environment, then by target. A target with nothing to do has none. */
  deployments: maybe(deployments),
  /** Moment at which the window opens for a rollout that has not begun; ISO 8601. */
  waitsUntil: maybe(moment),
  /** First moment at which an environment did not answer, by environment; ISO 8601. */
  silentSince: maybe(mapOf(moment)),
  /** First moment at which the same handler answered WAIT; ISO 8601. Patience counts from here. */
  waitingSince: maybe(moment),
  /** Reason of the rollback. Kept while the rollback waits, because its own answers replace `reason`. */
  because: maybe(text),
  /** With STOP: ARN of the execution to stop. */
  machine: maybe(text),
  /** While a rollback by a person waits: whether the pipeline is held for that person. */
  held: trueOrNothing,
});

/** Answer of every rollout handler. It replaces `outcome` in the state. */
export interface Outcome extends Shape<typeof answered> {
  /** `STATE_SCHEMA`: added to every answer on its way into the state. */
  readonly schema?: number;
  /** With WAIT: seconds until a rollback is called again. Start and Settle are called at fixed intervals. */
  readonly waitSeconds?: number;
  /** Error at the end of a rollback. */
  readonly error?: MachineError;
  /** Commit of the release, for the message of a rollback, whose input has none. */
  readonly commit?: string;
  /** With NOTHING: this answer has ended the release. */
  readonly ended?: 'ABANDONED';
  /** Message that the machine sends to the team before it ends. */
  readonly message?: SnsMessage;
}

/** Reads the error that Step Functions puts in place of the outcome. Any cause is accepted. */
export const caughtError = object({
  Error: anyText,
  Cause: textOrNothing,
});

/** Error that Step Functions puts in place of the outcome when a handler threw, timed out or could not be invoked. */
export type CaughtError = Shape<typeof caughtError>;

/**
 * Reads the state, apart from the rollout that it names.
 *
 * @param kinds of workloads that the caller can read
 */
export const rolloutState = (kinds: readonly string[]) =>
  object({
    plan: (value) => parsePlan(value, kinds),
    /** Name of the rollout in the plan. */
    rollout: text,
    /** Execution of the pipeline: the release. */
    executionId: text,
    commit: text,
    /** ARN of the execution that runs this rollout; set by the machine. */
    machine: maybe(text),
    /** Beginning of the present leg; set by the leg's machine; ISO 8601. */
    legStartedAt: maybe(moment),
  });

/** State of the rollout machine. Every handler gets all of it. */
export interface RolloutState extends Shape<ReturnType<typeof rolloutState>> {
  readonly outcome?: Outcome | CaughtError;
}

import { anyText, count, flag, mapOf, maybe, moment, object, type Reader, type Shape, text, word } from '../core/shape';
import type { SnsMessage } from '../messages/compose';
import { parsePlan } from '../plan/parse-plan';

const next = word(
  /** Ask the same handler again in a while. */
  'WAIT',
  /** Traffic is moving (or about to): watch. */
  'WATCH',
  /** Deployments are to be created: the window has opened, one was lost, or the canary goes on in new ones. */
  'START',
  /** This leg has used up its history: go on in a new one. */
  'NEW_LEG',
  /** The observation is over and all is well. */
  'SETTLE',
  /** The handler's job is done. */
  'DONE',
  /** The release is bad: return all regions to the stable revision. */
  'ROLLBACK',
  /** The execution that runs the release's rollout is to be stopped first; then ask again. */
  'STOP',
  /** The rollback that was asked for finds nothing to do. */
  'NOTHING',
  /** This rollout may not run; nothing was touched. */
  'REFUSED',
);

/** Where the rollout machine goes next. */
export type Next = Shape<typeof next>;

const deployments = mapOf(mapOf(text));

/** By environment, by target: the id of a deployment. */
export type Deployments = Shape<typeof deployments>;

/** Any other value than true is none. */
const trueOrNothing: Reader<boolean | undefined> = (value) => value === true || undefined;

/** Any other value than a text is none. */
const textOrNothing: Reader<string | undefined> = (value) => (typeof value === 'string' ? value : undefined);

/** With which error the machine fails after a rollback. */
export type RollbackError = 'RolledBack' | 'Refused' | 'RollbackIncomplete';

/** With which error the machine fails, other than `Refused`, when a rollout may not run. */
export type MachineError = RollbackError | 'CollectFailed';

/** Schema number of the part of the machine's state that handlers write: their outcomes. */
export const STATE_SCHEMA = 1;

/** Reads what the next handler learns from the answer of the last one. */
export const answered = object({
  next,
  /** For a person: what, where, and why, with the measured number and the limit. */
  reason: text,
  /** Since when the rollout's present deployments have all been running; ISO 8601. */
  startedAt: maybe(moment),
  /** Minutes of observation before `startedAt`: of a canary in earlier deployments, and until one was started again. */
  observedMinutes: maybe(count),
  /** Of the rollout, as in the marks of the present deployments. */
  attempt: maybe(count),
  /** The canary is to return and then to go on in new deployments: CodeDeploy's timer would end these. */
  renews: maybe(flag),
  /** By environment, by target: the deployment of this rollout. A target with nothing to do has none. */
  deployments: maybe(deployments),
  /** The rollout has not begun, because its window opens only then; ISO 8601. */
  waitsUntil: maybe(moment),
  /** By environment: since when it could not be asked; ISO 8601. */
  silentSince: maybe(mapOf(moment)),
  /** Since when the same handler has answered WAIT; ISO 8601. Patience is counted from here. */
  waitingSince: maybe(moment),
  /** Why the release is rolled back. Kept while the rollback waits, since its own answers replace the reason. */
  because: maybe(text),
  /** With STOP: ARN of the execution that is to be stopped. */
  machine: maybe(text),
  /** While a rollback that a person asked for waits: whether the pipeline is held for that person. */
  held: trueOrNothing,
});

/** What every rollout handler answers. It replaces `outcome` in the state. */
export interface Outcome extends Shape<typeof answered> {
  /** `STATE_SCHEMA`: added to every answer on its way into the state. */
  readonly schema?: number;
  /** With WAIT: how long until a rollback is asked again. Start and Settle are asked at fixed intervals. */
  readonly waitSeconds?: number;
  /** Only at the end of a rollback. */
  readonly error?: MachineError;
  /** Of a rollback, which is asked for without it: the commit of the release, for the message alone. */
  readonly commit?: string;
  /** With NOTHING: the release has been ended by this. */
  readonly ended?: 'ABANDONED';
  /** What the machine tells the team before it ends. */
  readonly message?: SnsMessage;
}

/** Reads what Step Functions puts in place of the outcome. It is read whatever its cause is. */
export const caughtError = object({
  Error: anyText,
  Cause: textOrNothing,
});

/** What Step Functions puts in place of the outcome when a handler threw, timed out or could not be invoked. */
export type CaughtError = Shape<typeof caughtError>;

/**
 * Reads the state, apart from the rollout that it names.
 *
 * @param kinds of workloads that the caller knows
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
    /** When the present leg began; set by the leg's machine; ISO 8601. */
    legStartedAt: maybe(moment),
  });

/** The state of the rollout machine, which every handler gets whole. */
export interface RolloutState extends Shape<ReturnType<typeof rolloutState>> {
  readonly outcome?: Outcome | CaughtError;
}

import {
  count,
  flag,
  listOf,
  mapOf,
  maybe,
  moment,
  object,
  otherwise,
  type Reader,
  type Shape,
  text,
  word,
} from '../core/shape';
import { WORKLOAD_KINDS } from '../plan/kinds';
import { type Published, parsePublished, parseRevision, type Revision } from '../plan/revision';

const ended = word(
  /** All its rollouts passed; its candidate is the new stable. */
  'COMPLETED',
  /** Every region is back on stable. */
  'ROLLED_BACK',
  /** Its pipeline execution ended with all regions on stable, and another release acquired production. */
  'ABANDONED',
);

/** How a release ended. */
export type Ended = Shape<typeof ended>;

/** Fields of an end. */
const ENDING = { ended: maybe(ended), reason: maybe(text), endedAt: maybe(moment) };

const holder = object({
  executionId: text,
  commit: text,
  /** Fencing token: grows by one each time a release acquires production. */
  token: count,
  acquiredAt: moment,
  state: word('HELD', 'FREE'),
  ...ENDING,
});

/** The one item that names the release that holds production. Its key is `holder`. */
export type Holder = Shape<typeof holder>;

const rolloutStatus = word('STARTED', 'PASSED', 'ROLLED_BACK');

export type RolloutStatus = Shape<typeof rolloutStatus>;

const rolloutRecord = object({
  state: rolloutStatus,
  reason: text,
  at: moment,
  /**
   * 1 for the first; grows when a rollout is retried after a rollback, and when a canary goes on in new deployments.
   */
  attempt: otherwise(count, 1),
  /** Whether it has moved, or may have moved, any traffic. False if every target served the candidate already. */
  shifted: flag,
  /** Beginning of its settling. A canary that is found stopped after it was stopped by us. */
  settlingSince: maybe(moment),
  /** With `settlingSince`: the canary returns only to go on in new deployments, as the next attempt. */
  renews: maybe(flag),
  /** Minutes of observation in earlier deployments of this canary. */
  observedMinutes: maybe(count),
});

/** State of one rollout of a release. */
export type RolloutRecord = Shape<typeof rolloutRecord>;

const perTarget = <T>(read: Reader<T>) => mapOf(mapOf(read));

/** Values by environment, then by target. */
export type PerTarget<T> = Shape<ReturnType<typeof perTarget<T>>>;

const publishedOf =
  (kinds: readonly string[]): Reader<Published> =>
  (value, at) =>
    parsePublished(value, at, kinds);

const revisionOf =
  (kinds: readonly string[]): Reader<Revision> =>
  (value, at) =>
    parseRevision(value, at, kinds);

/** Reads true; any other value is false. */
const isTrue: Reader<boolean | undefined> = (value) => value === true;

const release = (kinds: readonly string[]) =>
  object({
    executionId: text,
    commit: text,
    /** Token with which it has acquired production; none before. */
    token: maybe(count),
    candidates: otherwise(perTarget(publishedOf(kinds)), {}),
    /** Revisions that the environments served when the release began. */
    stables: otherwise(perTarget(revisionOf(kinds)), {}),
    rollouts: otherwise(mapOf(rolloutRecord), {}),
    /** Whether the team has been notified that it has acquired production. */
    startAnnounced: isTrue,
    /** Shorter traffic cycle than the plan's, in minutes: an emergency has overridden the gates of this release. */
    trafficCycleMinutes: maybe(count),
    /** ARN of the Step Functions execution that began the last of its production rollouts. */
    machine: maybe(text),
    /** Completed release that this one rolls back. Such a release has no execution of its own (see lib/rollback/open-return.ts). */
    returns: maybe(text),
    /** Set when its rollback begins: from then on no rollout of it starts or passes. */
    rollingBackSince: maybe(moment),
    /** Reason of its rollback, in the words of whoever began it. */
    rollingBackBecause: maybe(text),
    ...ENDING,
    /** Number of writes to this item, which a conditional write compares. */
    changes: otherwise(count, 0),
  });

/**
 * One release. Its key is `release#` and the pipeline's execution. It is its own fence: its end (completed, rolled
 * back, abandoned) is marked here first, and then nothing of the release is written any more.
 */
export type Release = Shape<ReturnType<typeof release>>;

const COMPLETED = { executionId: text, commit: text, at: moment };
const completed = object(COMPLETED);

/** Names a release that completed. */
export type Completed = Shape<typeof completed>;

const stable = (kinds: readonly string[]) =>
  object({
    ...COMPLETED,
    revisions: perTarget(publishedOf(kinds)),
    /** Completed release before this one. A rollback of this one returns to it. */
    before: maybe(completed),
    /** Moments at which releases completed, this one last; ISO 8601. As many as the longest cadence needs. */
    recent: listOf(moment),
  });

/** The last release that completed and has not been rolled back. Its key is `stable`. */
export type Stable = Shape<ReturnType<typeof stable>>;

const personHold = object({
  /** Name of the microservice, for the command that ends the hold. */
  service: text,
  by: text,
  reason: text,
  at: moment,
});

/**
 * Hold of a person on the pipeline: as long as it exists, no further release acquires production. Its key is `hold`.
 * Only a person ends it, never the end of a release.
 */
export type PersonHold = Shape<typeof personHold>;

export const parseHolder = (item: unknown): Holder => holder(item, 'ledger.holder');

export function parseRelease(item: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Release {
  const { executionId } = object({ executionId: text })(item, 'ledger.release');
  return release(kinds)(item, `ledger.release#${executionId}`);
}

export const parseStable = (item: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Stable =>
  stable(kinds)(item, 'ledger.stable');

export const parsePersonHold = (item: unknown): PersonHold => personHold(item, 'ledger.hold');

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
  record,
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
  /** Its pipeline execution ended while all regions were on stable, and another release acquired production. */
  'ABANDONED',
);

/** How a release ended. */
export type Ended = Shape<typeof ended>;

/** Fields of what has an end. */
const ENDING = { ended: maybe(ended), reason: maybe(text), endedAt: maybe(moment) };

const holder = object({
  executionId: text,
  commit: text,
  /** The fencing token: grows by one with every taking. */
  token: count,
  acquiredAt: moment,
  state: word('HELD', 'FREE'),
  ...ENDING,
});

/** The one item that says which release holds production. Its key is `holder`. */
export type Holder = Shape<typeof holder>;

const rolloutStatus = word('STARTED', 'PASSED', 'ROLLED_BACK');

export type RolloutStatus = Shape<typeof rolloutStatus>;

const rolloutRecord = object({
  state: rolloutStatus,
  reason: text,
  at: moment,
  /** 1 for the first; grows when a rollout that was rolled back is tried again, and when a canary goes on in new deployments. */
  attempt: otherwise(count, 1),
  /**
   * Whether it has moved, or may have moved, any traffic. Not when every target served the candidate already. An item that
   * does not say so may have.
   */
  shifted: otherwise(flag, true),
  /** Since when it is being settled: from then on a canary that is found stopped was stopped by us. */
  settlingSince: maybe(moment),
  /** With `settlingSince`: the canary returns only to go on in new deployments, as the next attempt. */
  renews: maybe(flag),
  /** Minutes for which earlier deployments of this canary were observed. */
  observedMinutes: maybe(count),
});

/** What became of one rollout of a release. */
export type RolloutRecord = Shape<typeof rolloutRecord>;

const perTarget = <T>(read: Reader<T>) => mapOf(mapOf(read));

/** By environment, by target. */
export type PerTarget<T> = Shape<ReturnType<typeof perTarget<T>>>;

const publishedOf =
  (kinds: readonly string[]): Reader<Published> =>
  (value, at) =>
    parsePublished(value, at, kinds);

const revisionOf =
  (kinds: readonly string[]): Reader<Revision> =>
  (value, at) =>
    parseRevision(value, at, kinds);

/** Any other value than true is false. */
const isTrue: Reader<boolean | undefined> = (value) => value === true;

const release = (kinds: readonly string[]) =>
  object({
    executionId: text,
    commit: text,
    /** The token with which it has acquired production; none before. */
    token: maybe(count),
    candidates: otherwise(perTarget(publishedOf(kinds)), {}),
    /** Revisions that the environments served when the release began. */
    stables: otherwise(perTarget(revisionOf(kinds)), {}),
    rollouts: otherwise(mapOf(rolloutRecord), {}),
    /** Whether the team has been told that it has acquired production. */
    startTold: isTrue,
    /** A shorter traffic cycle than the plan's: of a release whose gates were overridden in an emergency. */
    trafficCycleMinutes: maybe(count),
    /** ARN of the Step Functions execution that began the last of its production rollouts. */
    machine: maybe(text),
    /** The completed release that this one rolls back: it has no execution of its own. See returned.ts. */
    returns: maybe(text),
    /** Set when its rollback begins: from then on no rollout of it starts or passes. */
    rollingBackSince: maybe(moment),
    /** Why it is rolled back, in the words of who began it. */
    rollingBackBecause: maybe(text),
    ...ENDING,
    /** Counts the writes to this item, for those that must know all of it. */
    changes: otherwise(count, 0),
  });

/**
 * One release. Its key is `release#` and the pipeline's execution. It is its own fence: what ends a release (completed,
 * rolled back, abandoned) marks it ended first, and nothing of an ended release is written any more.
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
    /** The one before, to which taking this one back leads. */
    before: maybe(completed),
    /** When releases completed, this one last: as many as a cadence looks back at. ISO 8601. */
    recent: listOf(moment),
  });

/** The last release that completed and has not been rolled back. Its key is `stable`. */
export type Stable = Shape<ReturnType<typeof stable>>;

const personHold = object({
  /** The microservice, to be named in the command that ends the hold. */
  service: text,
  by: text,
  reason: text,
  at: moment,
});

/**
 * A person's hold on the pipeline: as long as it is there, no further release acquires production. Its key is `hold`. Only a
 * person ends it, never the end of a release.
 */
export type PersonHold = Shape<typeof personHold>;

export const parseHolder = (item: unknown): Holder => holder(item, 'ledger.holder');

export function parseRelease(item: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Release {
  const { executionId } = object({ executionId: text })(item, 'ledger.release');
  return release(kinds)(item, `ledger.release#${executionId}`);
}

export function parseStable(value: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Stable {
  const item = record(value, 'ledger.stable');
  // Of a ledger that did not keep them yet.
  return stable(kinds)({ ...item, recent: item.recent ?? [item.at] }, 'ledger.stable');
}

export const parsePersonHold = (item: unknown): PersonHold => personHold(item, 'ledger.hold');

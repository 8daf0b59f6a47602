import { arrayOf, count, flag, moment, oneOf, optional, record, recordOf, text } from '../core/shape';
import { WORKLOAD_KINDS } from '../plan/kinds';
import { type Published, parsePublished, parseRevision, type Revision } from '../plan/revision';

/** How a release ended. */
export type Ended =
  /** All its rollouts passed; its candidate is the new stable. */
  | 'COMPLETED'
  /** Every region is back on stable. */
  | 'ROLLED_BACK'
  /** Its pipeline execution ended while all regions were on stable, and another release acquired production. */
  | 'ABANDONED';

/** The one item that says which release holds production. Its key is `holder`. */
export interface Holder {
  readonly executionId: string;
  readonly commit: string;
  /** The fencing token: grows by one with every taking. */
  readonly token: number;
  readonly acquiredAt: string;
  readonly state: 'HELD' | 'FREE';
  readonly ended?: Ended;
  readonly reason?: string;
  readonly endedAt?: string;
}

export type RolloutStatus = 'STARTED' | 'PASSED' | 'ROLLED_BACK';

/** What became of one rollout of a release. */
export interface RolloutRecord {
  readonly state: RolloutStatus;
  readonly reason: string;
  readonly at: string;
  /** 1 for the first; grows when a rollout that was rolled back is tried again, and when a canary goes on in new deployments. */
  readonly attempt: number;
  /** Whether it has moved, or may have moved, any traffic. Not when every target served the candidate already. */
  readonly shifted: boolean;
  /** Since when it is being settled: from then on a canary that is found stopped was stopped by us. */
  readonly settlingSince?: string;
  /** With `settlingSince`: the canary returns only to go on in new deployments, as the next attempt. */
  readonly renews?: boolean;
  /** Minutes for which earlier deployments of this canary were observed. */
  readonly observedMinutes?: number;
}

/** By environment, by target. */
export type PerTarget<T> = { readonly [environment: string]: { readonly [key: string]: T } };

/**
 * One release. Its key is `release#` and the pipeline's execution. It is its own fence: what ends a release (completed,
 * rolled back, abandoned) marks it ended first, and nothing of an ended release is written any more.
 */
export interface Release {
  readonly executionId: string;
  readonly commit: string;
  /** The token with which it has acquired production; none before. */
  readonly token?: number;
  readonly candidates: PerTarget<Published>;
  /** Revisions that the environments served when the release began. */
  readonly stables: PerTarget<Revision>;
  readonly rollouts: { readonly [name: string]: RolloutRecord };
  /** Whether the team has been told that it has acquired production. */
  readonly startTold?: boolean;
  /** A shorter traffic cycle than the plan's: of a release whose gates were overridden in an emergency. */
  readonly trafficCycleMinutes?: number;
  /** ARN of the Step Functions execution that began the last of its production rollouts. */
  readonly machine?: string;
  /** The completed release that this one rolls back: it has no execution of its own. See returned.ts. */
  readonly returns?: string;
  /** Set when its rollback begins: from then on no rollout of it starts or passes. */
  readonly rollingBackSince?: string;
  /** Why it is rolled back, in the words of who began it. */
  readonly rollingBackBecause?: string;
  readonly ended?: Ended;
  readonly reason?: string;
  readonly endedAt?: string;
  /** Counts the writes to this item, for those that must know all of it. */
  readonly changes: number;
}

/** Names a release that completed. */
export interface Completed {
  readonly executionId: string;
  readonly commit: string;
  readonly at: string;
}

/** The last release that completed and has not been rolled back. Its key is `stable`. */
export interface Stable extends Completed {
  readonly revisions: PerTarget<Published>;
  /** The one before, to which taking this one back leads. */
  readonly before?: Completed;
  /** When releases completed, this one last: as many as a cadence looks back at. ISO 8601. */
  readonly recent: readonly string[];
}

/**
 * A person's hold on the pipeline: as long as it is there, no further release acquires production. Its key is `hold`. Only a
 * person ends it, never the end of a release.
 */
export interface PersonHold {
  /** The microservice, to be named in the command that ends the hold. */
  readonly service: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

const ENDED: readonly Ended[] = ['COMPLETED', 'ROLLED_BACK', 'ABANDONED'];
const STATUSES: readonly RolloutStatus[] = ['STARTED', 'PASSED', 'ROLLED_BACK'];

export function parseHolder(value: unknown): Holder {
  const item = record(value, 'ledger.holder');
  return {
    executionId: text(item.executionId, 'ledger.holder.executionId'),
    commit: text(item.commit, 'ledger.holder.commit'),
    token: count(item.token, 'ledger.holder.token'),
    acquiredAt: moment(item.acquiredAt, 'ledger.holder.acquiredAt'),
    state: oneOf(item.state, 'ledger.holder.state', ['HELD', 'FREE']),
    ...ending(item, 'ledger.holder'),
  };
}

export function parseRelease(value: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Release {
  const item = record(value, 'ledger.release');
  const executionId = text(item.executionId, 'ledger.release.executionId');
  const at = `ledger.release#${executionId}`;
  return {
    executionId,
    commit: text(item.commit, `${at}.commit`),
    token: optional(item.token, `${at}.token`, count),
    candidates: perTarget(item.candidates ?? {}, `${at}.candidates`, (each, where) =>
      parsePublished(each, where, kinds),
    ),
    stables: perTarget(item.stables ?? {}, `${at}.stables`, (each, where) => parseRevision(each, where, kinds)),
    rollouts: recordOf(item.rollouts ?? {}, `${at}.rollouts`, rolloutRecord),
    startTold: item.startTold === true,
    trafficCycleMinutes: optional(item.trafficCycleMinutes, `${at}.trafficCycleMinutes`, count),
    machine: optional(item.machine, `${at}.machine`, text),
    returns: optional(item.returns, `${at}.returns`, text),
    rollingBackSince: optional(item.rollingBackSince, `${at}.rollingBackSince`, moment),
    rollingBackBecause: optional(item.rollingBackBecause, `${at}.rollingBackBecause`, text),
    ...ending(item, at),
    changes: optional(item.changes, `${at}.changes`, count) ?? 0,
  };
}

export function parseStable(value: unknown, kinds: readonly string[] = WORKLOAD_KINDS): Stable {
  const item = record(value, 'ledger.stable');
  return {
    ...completed(item, 'ledger.stable'),
    revisions: perTarget(item.revisions, 'ledger.stable.revisions', (each, at) => parsePublished(each, at, kinds)),
    before: optional(item.before, 'ledger.stable.before', completed),
    // Of a ledger that did not keep them yet.
    recent: arrayOf(item.recent ?? [item.at], 'ledger.stable.recent', moment),
  };
}

function completed(value: unknown, at: string): Completed {
  const item = record(value, at);
  return {
    executionId: text(item.executionId, `${at}.executionId`),
    commit: text(item.commit, `${at}.commit`),
    at: moment(item.at, `${at}.at`),
  };
}

export function parsePersonHold(value: unknown): PersonHold {
  const item = record(value, 'ledger.hold');
  return {
    service: text(item.service, 'ledger.hold.service'),
    by: text(item.by, 'ledger.hold.by'),
    reason: text(item.reason, 'ledger.hold.reason'),
    at: moment(item.at, 'ledger.hold.at'),
  };
}

function perTarget<T>(value: unknown, at: string, read: (value: unknown, at: string) => T): PerTarget<T> {
  return recordOf(value, at, (targets, where) => recordOf(targets, where, read));
}

function rolloutRecord(value: unknown, at: string): RolloutRecord {
  const item = record(value, at);
  return {
    state: oneOf(item.state, `${at}.state`, STATUSES),
    reason: text(item.reason, `${at}.reason`),
    at: moment(item.at, `${at}.at`),
    attempt: optional(item.attempt, `${at}.attempt`, count) ?? 1,
    // Not knowing is not the same as not having shifted.
    shifted: optional(item.shifted, `${at}.shifted`, flag) ?? true,
    settlingSince: optional(item.settlingSince, `${at}.settlingSince`, moment),
    renews: optional(item.renews, `${at}.renews`, flag),
    observedMinutes: optional(item.observedMinutes, `${at}.observedMinutes`, count),
  };
}

function ending(item: { readonly [key: string]: unknown }, at: string): Pick<Release, 'ended' | 'reason' | 'endedAt'> {
  return {
    ended: optional(item.ended, `${at}.ended`, (value, where) => oneOf(value, where, ENDED)),
    reason: optional(item.reason, `${at}.reason`, text),
    endedAt: optional(item.endedAt, `${at}.endedAt`, moment),
  };
}

import { errorText } from '../core/error-text';
import { isoTime } from '../core/time';
import { abandon } from '../ledger/abandon';
import { finish } from '../ledger/end';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Transitions } from '../ledger/transitions';
import { LedgerConflict } from '../ledger/update';
import { type BeginDecision, type BeginFacts, type Beginner, decideBegin } from './decide-begin';
import { returnedId } from './decide-open-return';
import { reopenTransitions } from './end';
import { openReturn } from './open-return';

/** Order to roll a release back. */
export interface Order {
  readonly by: Beginner;
  /** The release, by its execution of the pipeline. Default: the one that holds production, or held it last. */
  readonly executionId?: string;
  readonly because: string;
  /** Returns true if the failed stage of this release may be retried instead. Default: none has failed. */
  readonly isRetriable?: (release: Release) => boolean;
}

/** Side of the pipeline, as far as a beginning needs it. */
export interface BeginSide {
  readonly ledger: Ledger;
  readonly transitions: Transitions;
  /** Lists the targets that cannot return to their stable revision because it does not exist any more. */
  targetsGone(release: Release): Promise<readonly string[]>;
}

/** Result of beginning a rollback. */
export type Begun =
  /** Nothing may, or needs to, be done. */
  | { readonly is: 'NOTHING'; readonly reason: string }
  /** Nothing was touched, because not all targets can return. */
  | { readonly is: 'REFUSED'; readonly reason: string }
  /** The release had ended before. `later`: the release that has acquired production since. */
  | { readonly is: 'ENDED'; readonly release: Release; readonly later: string | undefined; readonly closed?: string }
  /** Nothing of it had shifted: it has ended, and production is free. `closed`: why the transitions could not be enabled. */
  | { readonly is: 'ABANDONED'; readonly release: Release; readonly reason: string; readonly closed?: string }
  /**
   * Its targets are to return. `machine`: the execution to stop first; if that fails, the execution finds in the ledger
   * that its release is rolled back. `ledgerProblem`: why the ledger does not have this rollback; then the rollback
   * cannot end the release either.
   */
  | { readonly is: 'RETURNING'; readonly release: Release; readonly machine?: string; readonly ledgerProblem?: string };

/** Reads the facts by which a rollback begins. First finishes the end of a release that has ended. */
export async function readBegin(
  ledger: Ledger,
  { by, executionId: ordered, isRetriable }: Pick<Order, 'by' | 'executionId' | 'isRetriable'>,
): Promise<BeginFacts> {
  const executionId = ordered ?? (await ledger.holder())?.executionId;
  const named = executionId === undefined ? undefined : await ledger.release(executionId);
  // A release that takes another one back may have crashed before it held production: the other one says how to go on.
  const resumes = by === 'PERSON' && named?.returns !== undefined && !named.ended;
  const release = resumes && named.returns !== undefined ? await ledger.release(named.returns) : named;
  if (release) await finish(ledger, release, release.token);
  const isCompleted = by === 'PERSON' && release?.ended === 'COMPLETED';
  const opened = isCompleted ? await ledger.release(returnedId(release.executionId)) : undefined;
  if (opened) await finish(ledger, opened, opened.token);
  return {
    by,
    executionId,
    release,
    opened,
    stable: isCompleted ? await ledger.stable() : undefined,
    // Read last: another release may have followed one that has ended.
    holder: await ledger.holder(),
    isRetriable: release !== undefined && isRetriable?.(release) === true,
  };
}

/**
 * Begins the rollback of a release: from then on nothing of it starts or passes. Safe to repeat, for every caller.
 * Throws a LedgerConflict when somebody else writes meanwhile: the caller must then decide anew.
 */
export async function begin(side: BeginSide, order: Order, facts: BeginFacts): Promise<Begun> {
  const decision = decideBegin(facts);
  const { ledger } = side;
  switch (decision.do) {
    case 'NOTHING':
      return { is: 'NOTHING', reason: decision.reason };
    case 'ENDED': {
      const { release, later } = decision;
      return { is: 'ENDED', release, later, closed: await reopenTransitions(side) };
    }
    case 'ABANDON': {
      const reason = `ended before anything of it had shifted: ${order.because}`;
      await abandon(ledger, decision.release, reason);
      return { is: 'ABANDONED', release: decision.release, reason, closed: await reopenTransitions(side) };
    }
    case 'OPEN_RETURN':
      return await beginReturn(side, order, decision);
    case 'MARK':
      return await mark(ledger, order, decision);
    case 'RETURN':
      return { is: 'RETURNING', release: decision.release };
  }
}

/**
 * Marks the release in the ledger. Traffic also returns while the ledger cannot be updated. Throws a conflict: the
 * release may have completed meanwhile.
 */
async function mark(
  ledger: Ledger,
  { because }: Order,
  { release, machine }: BeginDecision & { readonly do: 'MARK' },
): Promise<Begun> {
  const at = isoTime(Date.now());
  try {
    await ledger.markRollingBack(release.executionId, at, because);
    return { is: 'RETURNING', release: { ...release, rollingBackSince: at, rollingBackBecause: because }, machine };
  } catch (error) {
    if (error instanceof LedgerConflict) throw error;
    return { is: 'RETURNING', release, machine, ledgerProblem: `the ledger could not be updated: ${errorText(error)}` };
  }
}

/** Begins to take back a release that turned out bad only after its end. */
async function beginReturn(
  side: BeginSide,
  { because }: Order,
  { completed, begun }: BeginDecision & { readonly do: 'OPEN_RETURN' },
): Promise<Begun> {
  // All regions or none: checked before anything changes.
  const gone = begun ? [] : await side.targetsGone(completed);
  if (gone.length > 0) {
    return { is: 'REFUSED', reason: `nothing was touched, since not all can return: ${gone.join('; ')}` };
  }
  const taken = await openReturn(side.ledger, completed, because);
  if ('reason' in taken) return { is: 'NOTHING', reason: taken.reason };
  if (taken.release.ended) throw new LedgerConflict(`Release ${completed.executionId} has been rolled back meanwhile`);
  return { is: 'RETURNING', release: taken.release };
}

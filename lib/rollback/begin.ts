import { errorText } from '../core/error-text';
import { isoTime } from '../core/time';
import { abandon } from '../ledger/abandon';
import { finish } from '../ledger/end';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { openReturn, returnedId } from '../ledger/returned';
import type { Transitions } from '../ledger/transitions';
import { LedgerConflict } from '../ledger/update';
import { type BeginDecision, type BeginFacts, type Beginner, decideBegin } from './decide-begin';
import { reopenTransitions } from './end';

/** The wish to have a release back. */
export interface Order {
  readonly by: Beginner;
  /** The release, by its execution of the pipeline. By default the one that holds production, or held it last. */
  readonly executionId?: string;
  readonly because: string;
  /** Whether the failed stage of this release may be retried instead. By default none has failed. */
  readonly isRetriable?: (release: Release) => boolean;
}

/** What a beginning needs of the pipeline. */
export interface BeginSide {
  readonly ledger: Ledger;
  readonly transitions: Transitions;
  /** Names the targets that could not return to their stable revision, since it does not exist any more. */
  targetsGone(release: Release): Promise<readonly string[]>;
}

/** How a rollback has begun. */
export type Begun =
  /** Nothing may, or needs to, be done. */
  | { readonly is: 'NOTHING'; readonly reason: string }
  /** Nothing was touched, since not all targets can return. */
  | { readonly is: 'REFUSED'; readonly reason: string }
  /** The release had ended before. `later`: the one that has acquired production since. */
  | { readonly is: 'ENDED'; readonly release: Release; readonly later: string | undefined; readonly closed?: string }
  /** Nothing of it had shifted: it has ended, and production is free. `closed`: why the transitions could not be enabled. */
  | { readonly is: 'ABANDONED'; readonly release: Release; readonly reason: string; readonly closed?: string }
  /**
   * Its targets are to return. `machine`: the execution that is to be stopped first; should it not be possible, it
   * finds in the ledger that its release is rolled back. `untold`: why the ledger does not know of this rollback; then the
   * rollback cannot end the release either.
   */
  | { readonly is: 'RETURNING'; readonly release: Release; readonly machine?: string; readonly untold?: string };

/** Reads what the beginning of a rollback is decided by. Finishes first what a release that has ended left undone. */
export async function readBegin(
  ledger: Ledger,
  { by, executionId: wanted, isRetriable }: Pick<Order, 'by' | 'executionId' | 'isRetriable'>,
): Promise<BeginFacts> {
  const executionId = wanted ?? (await ledger.holder())?.executionId;
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
    // Last: a release that is seen to have ended may have been followed by another one.
    holder: await ledger.holder(),
    isRetriable: release !== undefined && isRetriable?.(release) === true,
  };
}

/**
 * Begins the rollback of a release: from then on nothing of it starts or passes. Safe to repeat, and for anybody to call.
 * Throws a LedgerConflict when somebody else writes meanwhile: what is decided must then be decided anew.
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
      return await beginTakingBack(side, order, decision);
    case 'MARK':
      return await mark(ledger, order, decision);
    case 'RETURN':
      return { is: 'RETURNING', release: decision.release };
  }
}

/** Traffic returns also while the ledger cannot be told. A conflict is thrown: the release may have completed meanwhile. */
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
    return { is: 'RETURNING', release, machine, untold: `the ledger could not be told: ${errorText(error)}` };
  }
}

/** Of a release that turned out bad only after its end. */
async function beginTakingBack(
  side: BeginSide,
  { because }: Order,
  { completed, begun }: BeginDecision & { readonly do: 'OPEN_RETURN' },
): Promise<Begun> {
  // All regions or none: not before it is known that all can.
  const gone = begun ? [] : await side.targetsGone(completed);
  if (gone.length > 0) {
    return { is: 'REFUSED', reason: `nothing was touched, since not all can return: ${gone.join('; ')}` };
  }
  const taken = await openReturn(side.ledger, completed, because);
  if ('reason' in taken) return { is: 'NOTHING', reason: taken.reason };
  if (taken.release.ended) throw new LedgerConflict(`Release ${completed.executionId} has been rolled back meanwhile`);
  return { is: 'RETURNING', release: taken.release };
}

import { errorText } from '../core/error-text';
import { endRolledBack, finish } from '../ledger/end';
import { reopen } from '../ledger/hold';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Transitions } from '../ledger/transitions';
import { retryingConflicts } from '../ledger/update';
import { rolledBack } from './outcomes';
import type { ReturnedTarget } from './return-all';

/** Complete rollback: no target is left that has to return. */
export interface Returned {
  /** Environments that have returned. */
  readonly names: readonly string[];
  readonly targets: readonly ReturnedTarget[];
  readonly because: string;
}

/**
 * Ends a release whose targets have all returned, and frees production. Safe to repeat.
 *
 * @returns the reason of its end, in the words of whoever ended it first
 */
export async function endReturned(
  ledger: Ledger,
  release: Release,
  { names, targets, because }: Returned,
): Promise<string> {
  const stable = await ledger.stable();
  const target = release.returns === undefined ? stable : stable?.before;
  const reason = rolledBack(target ? `commit ${target.commit}` : 'the revision before', names, targets, because);
  return retryingConflicts(async () => {
    // Read again: its rollback was marked since, and somebody else may have ended it.
    const fresh = (await ledger.release(release.executionId)) ?? release;
    if (fresh.ended) await finish(ledger, fresh, fresh.token);
    else await endRolledBack(ledger, fresh, reason);
    return fresh.reason ?? reason;
  });
}

/**
 * Enables the transitions for the next release, unless another release or a person holds them.
 *
 * @returns why that could not be done; undefined when it was
 */
export async function reopenTransitions({
  ledger,
  transitions,
}: {
  readonly ledger: Ledger;
  readonly transitions: Transitions;
}): Promise<string | undefined> {
  try {
    await reopen(ledger, transitions);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

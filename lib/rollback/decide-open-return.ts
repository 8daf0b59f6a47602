import type { Holder, Release, Stable } from '../ledger/items';
import { hasShifted } from '../ledger/started';

/** Returns the id of the release that rolls a completed one back. */
export const returnedId = (executionId: string): string => `${executionId}-returned`;

export interface ReturnFacts {
  readonly completed: Release;
  readonly holder: Holder | undefined;
  readonly stable: Stable | undefined;
}

/** Explains why a completed release cannot be rolled back; undefined if it can. */
export function whyNotReturned({ completed, holder, stable }: ReturnFacts): string | undefined {
  const { executionId } = completed;
  if (stable?.executionId !== executionId) {
    const last = stable ? `release ${stable.executionId} (commit ${stable.commit})` : 'unknown';
    return `release ${executionId} has completed, but is not the last stable one: that is ${last}`;
  }
  // Its own rollback may hold production already: its last write, or only the answer, was lost.
  if (holder?.state === 'HELD' && holder.executionId !== returnedId(executionId)) {
    return `release ${executionId} has completed, but release ${holder.executionId} (commit ${holder.commit}) has acquired production since: roll that one back first`;
  }
  return hasShifted(completed)
    ? undefined
    : `release ${executionId} has shifted nothing: there is nothing to roll back`;
}

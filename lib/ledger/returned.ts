import { isoTime } from '../core/time';
import { finish, ofProduction } from './end';
import type { Holder, Release, Stable } from './items';
import type { Ledger } from './ledger';
import { hasShifted } from './started';

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

/**
 * Begins to roll a completed release back, as a release of its own. The new release holds production, has shifted what
 * the completed one has, and is being rolled back from its first moment on. Safe to repeat, also after a crash.
 *
 * @returns the release to roll back, or the reason why there is none. One that has ended already has been rolled back.
 */
export async function openReturn(
  ledger: Ledger,
  completed: Release,
  because: string,
): Promise<{ readonly release: Release } | { readonly reason: string }> {
  const executionId = returnedId(completed.executionId);
  const before = await ledger.release(executionId);
  if (before?.ended) {
    await finish(ledger, before, before.token);
    return { release: before };
  }
  const holder = await ledger.holder();
  let token = holder?.token ?? 0;
  if (holder?.executionId !== executionId) {
    const reason = whyNotReturned({ completed, holder, stable: await ledger.stable() });
    if (reason) return { reason };
    const now = isoTime(Date.now());
    await ledger.openRelease(opened(completed, now, because));
    token += 1;
    await ledger.transferLock(holder, { executionId, commit: completed.commit, token, acquiredAt: now, state: 'HELD' });
  }
  await ledger.setToken(executionId, token);
  const release = await ledger.release(executionId);
  return release ? { release } : { reason: `release ${executionId} is not in the ledger` };
}

function opened(
  { executionId, commit, candidates, stables, rollouts }: Release,
  now: string,
  because: string,
): Release {
  return {
    executionId: returnedId(executionId),
    returns: executionId,
    commit,
    candidates: ofProduction(candidates),
    stables: ofProduction(stables),
    rollouts: ofProduction(rollouts),
    rollingBackSince: now,
    rollingBackBecause: because,
    changes: 0,
  };
}

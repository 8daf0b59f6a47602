import { isoTime } from '../core/time';
import { finish, ofProduction } from '../ledger/end';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { returnedId, whyNotReturned } from './decide-open-return';

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
    // Decided again: while the targets were read, another release may have acquired production, or completed. The holder
    // is read before the last stable release: a release that comes after both reads conflicts with the write below.
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

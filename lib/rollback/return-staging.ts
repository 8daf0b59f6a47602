import { isoTime } from '../core/time';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Outcome } from '../rollout/state';
import { end, refused, rolledBack, stillOpen } from './outcomes';
import { returnAll } from './return-all';
import { type RollbackWork, returnOf } from './return-production';

/** Takes one step for staging, which nobody holds: the release may be retried afterwards. */
export async function returnStaging(
  ledger: Ledger,
  task: RollbackWork,
  release: Release,
  because: string,
): Promise<Outcome> {
  const { rollout = 'staging', executionId, thisRollout } = task;
  const before = release.rollouts[rollout];
  if (!before?.shifted) return refused(`nothing has shifted, so there is nothing to roll back: ${because}`);
  if (before.state === 'ROLLED_BACK') return end('DONE', 'RolledBack', before.reason);
  const names = Object.keys(thisRollout?.environments ?? {});
  const targets = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, targets);
  if (open) return open;
  const reason = rolledBack('the revision before', names, targets, because);
  const { attempt, shifted } = before;
  const at = isoTime(Date.now());
  await ledger.recordRollout(executionId, rollout, { state: 'ROLLED_BACK', reason, at, attempt, shifted }, undefined);
  return end('DONE', 'RolledBack', reason);
}

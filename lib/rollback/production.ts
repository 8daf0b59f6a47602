import { errorText } from '../core/error-text';
import { isoTime, minutesSince } from '../core/time';
import { endRolledBack } from '../ledger/end';
import { letGo } from '../ledger/hold';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';
import { LedgerConflict } from '../ledger/update';
import { HANDLER_MINUTES, PATIENCE_MINUTES } from '../plan/timing';
import type { Outcome } from '../rollout/state';
import { waitOr } from '../rollout/waiting';
import { productionOf } from '../workload/places';
import { end, rolledBack, stillOpen, wait } from './outcomes';
import type { RollBackTask } from './parse-roll-back';
import { type Return, returnAll } from './return-all';

/**
 * Says that the release is being rolled back. Answers why that could not be said: traffic returns all the same. A conflict
 * is thrown: the release may have completed meanwhile.
 */
export async function mark(
  ledger: Ledger,
  { executionId }: RollBackTask,
  because: string,
): Promise<string | undefined> {
  try {
    await ledger.markRollingBack(executionId, isoTime(Date.now()), because);
    return undefined;
  } catch (error) {
    if (error instanceof LedgerConflict) throw error;
    return `the ledger could not be told: ${errorText(error)}`;
  }
}

/**
 * One round for all production environments, not just those of one rollout.
 *
 * @param untold why the ledger does not know of this roll back; then it cannot end it either
 */
export async function returnProduction(
  ledger: Ledger,
  task: RollBackTask,
  release: Release,
  because: string,
  untold?: string,
): Promise<Outcome> {
  const names = productionOf(task);
  const result = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, result);
  if (open) return open;
  if (untold !== undefined) return wait(task, because, untold);
  if (mayStillStart(release)) {
    return wait(task, because, 'a handler that was running when the roll back began may still start deployments');
  }
  const stable = await ledger.stable();
  const target = release.returns === undefined ? stable : stable?.before;
  const reason = rolledBack(target ? `commit ${target.commit}` : 'the revision before', names, result, because);
  // Read again: the mark was written since.
  await endRolledBack(ledger, (await ledger.release(release.executionId)) ?? release, reason);
  return await ended(ledger, because, { reason });
}

/** All is on stable, and production is free: the next release may come, too. */
export async function ended(
  ledger: Ledger,
  because: string,
  { reason = because, endedAt }: Pick<Release, 'reason' | 'endedAt'>,
): Promise<Outcome> {
  try {
    await letGo(ledger, transitionsOfPipeline());
    return end('DONE', 'RolledBack', reason);
  } catch (error) {
    // A patience of its own, from the end on: that of the roll back may be used up.
    return waitOr((why) => end('DONE', 'RolledBack', `${reason}; ${why}`), {
      last: endedAt === undefined ? undefined : { next: 'WAIT', reason, waitingSince: endedAt },
      now: Date.now(),
      patienceMinutes: PATIENCE_MINUTES.letGo,
      reason: `the transitions could not be enabled: ${errorText(error)}`,
      keep: { because },
    });
  }
}

/**
 * Neither stopping an execution nor a mark in the ledger stops a handler that runs: of that execution, or of a second one
 * that Step Functions, or somebody, has started of the same rollout. The ledger keeps the next one from starting. A minute
 * more is for what that handler asked for at its very end.
 */
const mayStillStart = ({ rollingBackSince, returns }: Release): boolean =>
  returns === undefined &&
  (rollingBackSince === undefined || minutesSince(rollingBackSince, Date.now()) <= HANDLER_MINUTES + 1);

export const hasShifted = ({ plan }: RollBackTask, { rollouts }: Release): boolean =>
  Object.entries(rollouts).some(([name, { shifted }]) => shifted && plan.rollouts[name]?.kind !== 'STAGING');

export const returnOf = ({ plan, rollout, thisRollout, last }: RollBackTask, release: Release): Return => ({
  plan,
  release,
  rollout: rollout !== undefined && thisRollout ? { name: rollout, kind: thisRollout.kind } : undefined,
  waitingSince: last?.waitingSince,
});

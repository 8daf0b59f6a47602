import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { mayStillStart } from '../ledger/started';
import type { Transitions } from '../ledger/transitions';
import type { Outcome } from '../rollout/state';
import { productionOf } from '../workload/places';
import { endReturned, reopenTransitions } from './end';
import { ended, stillOpen, wait } from './outcomes';
import type { RollBackTask } from './parse-task';
import type { Return } from './read-return';
import { returnAll } from './return-all';

/**
 * Takes one step for all production environments, not just those of one rollout, and ends the release after the last one.
 *
 * @param untold why the ledger does not know of this rollback; then it cannot end the release either
 */
export async function returnProduction(
  side: { readonly ledger: Ledger; readonly transitions: Transitions },
  task: RollBackTask,
  release: Release,
  because: string,
  untold?: string,
): Promise<Outcome> {
  const names = productionOf(task);
  const functions = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, functions);
  if (open) return open;
  if (untold !== undefined) return wait(task, because, untold);
  if (mayStillStart(release, Date.now())) {
    return wait(task, because, 'a handler that was running when the roll back began may still start deployments');
  }
  const reason = await endReturned(side.ledger, release, { names, functions, because });
  return ended(because, { reason }, await reopenTransitions(side));
}

/** What of a release is to return, as the machine's plan has it. */
export const returnOf = ({ plan, rollout, thisRollout, last }: RollBackTask, release: Release): Return => ({
  plan,
  release,
  rollout: rollout !== undefined && thisRollout ? { name: rollout, kind: thisRollout.kind } : undefined,
  waitingSince: last?.waitingSince,
});

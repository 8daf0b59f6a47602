import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Transitions } from '../ledger/transitions';
import type { Outcome } from '../rollout/state';
import { productionOf } from '../workload/fleet';
import type { Workloads } from '../workload/target';
import { mayStillStart } from './decide-end';
import { endReturned, reopenTransitions } from './end';
import { ended, stillOpen, wait } from './outcomes';
import type { RollbackTask } from './parse-task';
import type { Return } from './read-return';
import { returnAll } from './return-all';

/** Task, and the kinds of workloads that it may meet. */
export interface RollbackWork extends RollbackTask {
  readonly workloads: Workloads;
}

/**
 * Takes one step for all production environments, not just those of one rollout, and ends the release after the last
 * one.
 *
 * @param ledgerProblem why the ledger does not have this rollback; then the rollback cannot end the release either
 */
export async function returnProduction(
  side: { readonly ledger: Ledger; readonly transitions: Transitions },
  task: RollbackWork,
  release: Release,
  because: string,
  ledgerProblem?: string,
): Promise<Outcome> {
  const names = productionOf(task);
  const targets = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, targets);
  if (open) return open;
  if (ledgerProblem !== undefined) return wait(task, because, ledgerProblem);
  if (mayStillStart(release, Date.now())) {
    return wait(task, because, 'a handler that was running when the rollback began may still start deployments');
  }
  const reason = await endReturned(side.ledger, release, { names, targets, because });
  return ended(because, { reason }, await reopenTransitions(side));
}

/** Returns the part of a release that is to return, by the machine's plan. */
export const returnOf = ({ plan, workloads, rollout, thisRollout, last }: RollbackWork, release: Release): Return => ({
  plan,
  workloads,
  release,
  rollout: rollout !== undefined && thisRollout ? { name: rollout, kind: thisRollout.kind } : undefined,
  waitingSince: last?.waitingSince,
});

import { ShapeError } from '../core/shape';
import { returning, unreadable } from '../rollback/notices';
import { parseRollBack } from '../rollback/parse-task';
import { rollbackRound } from '../rollback/round';
import { rolloutHandler } from '../rollout/rollout-handler';
import type { Outcome } from '../rollout/state';
import { workloads } from '../workload/kinds/workloads';

const rollBackHandler = rolloutHandler(
  'roll-back',
  (task) => rollbackRound({ ...task, workloads }),
  parseRollBack,
  returning,
);

/** Returns every environment of the release to its stable revision. */
export async function handler(event: unknown): Promise<Outcome> {
  try {
    return await rollBackHandler(event);
  } catch (error) {
    // Asking again would not make it readable.
    if (error instanceof ShapeError) return unreadable(event, error.message);
    throw error;
  }
}

import { ShapeError } from '../core/shape';
import { returning, unreadable } from '../rollback/notices';
import { parseRollback } from '../rollback/parse-task';
import { rollbackRound } from '../rollback/round';
import { rolloutHandler } from '../rollout/rollout-handler';
import type { Outcome } from '../rollout/state';
import { workloads } from '../workload/kinds/workloads';

const rollbackHandler = rolloutHandler(
  'rollback',
  (task) => rollbackRound({ ...task, workloads }),
  parseRollback,
  returning,
);

/** Returns every environment of the release to its stable revision. */
export async function handler(event: unknown): Promise<Outcome> {
  try {
    return await rollbackHandler(event);
  } catch (error) {
    // A retry would not make it readable.
    if (error instanceof ShapeError) return unreadable(event, error.message);
    throw error;
  }
}

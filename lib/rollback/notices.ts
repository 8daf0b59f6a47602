import { composeWithLink } from '../messages/compose-message';
import type { MessageKind, Notice } from '../messages/message';
import { environmentsIn } from '../plan/environments';
import type { Outcome } from '../rollout/state';
import { refused } from './outcomes';
import type { RollbackTask } from './parse-task';

/** Returns the notice of a rollback's end; undefined where there was nothing to do. */
export function returning(task: RollbackTask, outcome: Outcome): Notice | undefined {
  const kind = kindOfReturn(outcome);
  if (!kind) return undefined;
  const { plan, executionId, rollout, thisRollout } = task;
  const where = environmentsIn(plan, thisRollout?.kind === 'STAGING' ? 'STAGING' : 'PRODUCTION');
  const { reason: why, commit = task.commit } = outcome;
  return { kind, service: plan.service, executionId, commit, rollout, where, why };
}

function kindOfReturn({ error, ended }: Outcome): MessageKind | undefined {
  switch (error) {
    case 'RolledBack':
      return 'ROLLED_BACK';
    case 'RollbackIncomplete':
      return 'ROLLBACK_INCOMPLETE';
    case undefined:
      return ended;
    default:
      return 'BLOCKED';
  }
}

/**
 * Answers an order that cannot be read. Mostly its version is unknown, and then so are the regions that its rollout has
 * shifted.
 */
export function unreadable(event: unknown, reason: string): Outcome {
  const { executionId, commit } = (event ?? {}) as { readonly [field: string]: unknown };
  const notice = {
    kind: 'ROLLBACK_INCOMPLETE',
    service: process.env.PIPELINE_NAME ?? 'not known',
    executionId: typeof executionId === 'string' ? executionId : 'not known',
    commit: typeof commit === 'string' ? commit : undefined,
    where: ['not known'],
    why: `the rollback order cannot be read, and nothing was done: ${reason}`,
  } as const;
  return { ...refused(reason), message: composeWithLink(notice) };
}

import type { MessageKind, Telling } from '../messages/message';
import type { Outcome } from '../rollout/state';
import type { RollBackTask } from './parse-roll-back';

/** How a roll back ended. That there was nothing to do is told to nobody. */
export function returning(task: RollBackTask, outcome: Outcome): Telling | undefined {
  const kind = kindOfReturn(outcome);
  if (!kind) return undefined;
  const { plan, executionId, rollout, thisRollout } = task;
  const ofStaging = thisRollout?.kind === 'STAGING';
  const where = Object.entries(plan.environments)
    .filter(([, { phase }]) => (phase === 'STAGING') === ofStaging)
    .map(([name]) => name);
  const { reason: why, commit = task.commit } = outcome;
  return { kind, service: plan.service, executionId, commit, rollout, where, why };
}

function kindOfReturn({ error, ended }: Outcome): MessageKind | undefined {
  switch (error) {
    case 'RolledBack':
      return 'ROLLED_BACK';
    case 'RollBackIncomplete':
      return 'ROLL_BACK_INCOMPLETE';
    case undefined:
      return ended;
    default:
      return 'BLOCKED';
  }
}

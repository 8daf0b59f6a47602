import type { MessageKind, Notice } from '../messages/message';
import type { RolloutTask } from './parse-state';
import type { Outcome } from './state';

/** Returns the notice of a rollout that may not run. */
export function refusal(task: RolloutTask, outcome: Outcome): Notice | undefined {
  return outcome.next === 'REFUSED' ? ofRollout(task, 'BLOCKED', outcome) : undefined;
}

/** Returns the notice of a rollout that may not run, or has passed. The pipeline shows staging's. */
export function passage(task: RolloutTask, outcome: Outcome): Notice | undefined {
  if (outcome.next !== 'DONE') return refusal(task, outcome);
  switch (task.thisRollout.kind) {
    case 'CANARY':
      return ofRollout(task, 'CANARY_PASSED', outcome);
    case 'WAVE':
      return ofRollout(task, 'WAVE_DONE', outcome);
    case 'STAGING':
      return undefined;
  }
}

function ofRollout(
  { plan, executionId, commit, rollout, thisRollout }: RolloutTask,
  kind: MessageKind,
  { reason }: Outcome,
): Notice {
  const where = Object.keys(thisRollout.environments);
  return { kind, service: plan.service, executionId, commit, rollout, where, why: reason };
}

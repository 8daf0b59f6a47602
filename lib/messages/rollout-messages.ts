import type { RollBackTask } from '../rollout/parse-roll-back';
import type { RolloutTask } from '../rollout/parse-state';
import type { Outcome } from '../rollout/state';
import type { Message, MessageKind } from './message';

/** A message whose link is still to be made. */
export type Telling = Omit<Message, 'link'>;

/** A rollout that may not run. */
export function refusal(task: RolloutTask, outcome: Outcome): Telling | undefined {
  return outcome.next === 'REFUSED' ? ofRollout(task, 'BLOCKED', outcome) : undefined;
}

/** A rollout that may not run, or has passed. Staging's way is seen in the pipeline. */
export function passage(task: RolloutTask, outcome: Outcome): Telling | undefined {
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

function ofRollout(
  { plan, executionId, commit, rollout, thisRollout }: RolloutTask,
  kind: MessageKind,
  { reason }: Outcome,
): Telling {
  const where = Object.keys(thisRollout.environments);
  return { kind, service: plan.service, executionId, commit, rollout, where, why: reason };
}

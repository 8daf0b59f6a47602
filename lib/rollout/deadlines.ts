import { createSchedule, deleteSchedule, type Schedule, updateSchedule } from '../aws/scheduler';
import { errorText, isNamed } from '../core/error-text';
import { logLine } from '../core/log';
import { atExpression, deadlineInput, deadlineName } from './deadline';

/** Scheduler tries this long to start the machine. Then the order is in the safety net's queue, which has an alarm. */
const DELIVERY = { maxAgeSeconds: 24 * 3600, maxRetries: 185 };

/** Release, and the pipeline's service. */
export interface DeadlineOwner {
  readonly service: string;
  readonly executionId: string;
}

/** Makes the machine roll the release back at that time, unless it has ended. Replaces its former deadline. */
export async function setDeadline(owner: DeadlineOwner, rollout: string, at: number): Promise<void> {
  const schedule = scheduleOf(owner, rollout, at);
  try {
    await createSchedule(schedule);
  } catch (error) {
    if (!isNamed(error, 'ConflictException')) throw error;
    await updateSchedule(schedule);
  }
}

/** Deletes the deadline of a release that has ended. A deadline that stays finds nothing to do, and deletes itself. */
export async function dropDeadline({ service, executionId }: DeadlineOwner): Promise<void> {
  try {
    const { DEADLINE_GROUP: group } = process.env;
    if (!group) throw new Error('DEADLINE_GROUP is not set: it must name the schedule group of the pipeline');
    await deleteSchedule(group, deadlineName(service, executionId));
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return;
    logLine({ executionId, reason: `its deadline was not deleted: ${errorText(error)}` });
  }
}

function scheduleOf({ service, executionId }: DeadlineOwner, rollout: string, at: number): Schedule {
  const { DEADLINE_GROUP, DEADLINE_ROLE_ARN, DEADLINE_QUEUE_ARN, MACHINE_ARN } = process.env;
  if (!DEADLINE_GROUP || !DEADLINE_ROLE_ARN || !DEADLINE_QUEUE_ARN || !MACHINE_ARN) {
    throw new Error('DEADLINE_GROUP, DEADLINE_ROLE_ARN, DEADLINE_QUEUE_ARN and MACHINE_ARN must all be set');
  }
  return {
    group: DEADLINE_GROUP,
    name: deadlineName(service, executionId),
    description: `Rolls back release ${executionId} of ${service} if it hangs`,
    expression: atExpression(at),
    targetArn: MACHINE_ARN,
    roleArn: DEADLINE_ROLE_ARN,
    input: JSON.stringify(deadlineInput(rollout, executionId, at)),
    deadLetterQueueArn: DEADLINE_QUEUE_ARN,
    ...DELIVERY,
  };
}

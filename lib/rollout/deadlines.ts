import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CLIENT_CONFIG } from '../aws/client-config';
import { errorText, isNamed } from '../core/error-text';
import { logLine } from '../core/log';
import { atExpression, deadlineInput, deadlineName } from './deadline';

/** Scheduler tries this long to start the machine. Then the order is in the safety net's queue, which has an alarm. */
const DELIVERY = { MaximumEventAgeInSeconds: 24 * 3600, MaximumRetryAttempts: 185 };

let client: SchedulerClient | undefined;

function scheduler(): SchedulerClient {
  client ??= new SchedulerClient(CLIENT_CONFIG);
  return client;
}

/** Release, and the pipeline's service. */
export interface DeadlineOwner {
  readonly service: string;
  readonly executionId: string;
}

/** Makes the machine roll the release back at that time, unless it has ended. Replaces its former deadline. */
export async function setDeadline(owner: DeadlineOwner, rollout: string, at: number): Promise<void> {
  const schedule = scheduleOf(owner, rollout, at);
  try {
    await scheduler().send(new CreateScheduleCommand(schedule));
  } catch (error) {
    if (!isNamed(error, 'ConflictException')) throw error;
    await scheduler().send(new UpdateScheduleCommand(schedule));
  }
}

/** Deletes the deadline of a release that has ended. A deadline that stays finds nothing to do, and deletes itself. */
export async function dropDeadline({ service, executionId }: DeadlineOwner): Promise<void> {
  try {
    const { DEADLINE_GROUP: GroupName } = process.env;
    if (!GroupName) throw new Error('DEADLINE_GROUP is not set: it must name the schedule group of the pipeline');
    await scheduler().send(new DeleteScheduleCommand({ GroupName, Name: deadlineName(service, executionId) }));
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return;
    logLine({ executionId, reason: `its deadline was not deleted: ${errorText(error)}` });
  }
}

function scheduleOf({ service, executionId }: DeadlineOwner, rollout: string, at: number): CreateScheduleCommandInput {
  const { DEADLINE_GROUP, DEADLINE_ROLE_ARN, DEADLINE_QUEUE_ARN, MACHINE_ARN } = process.env;
  if (!DEADLINE_GROUP || !DEADLINE_ROLE_ARN || !DEADLINE_QUEUE_ARN || !MACHINE_ARN) {
    throw new Error('DEADLINE_GROUP, DEADLINE_ROLE_ARN, DEADLINE_QUEUE_ARN and MACHINE_ARN must all be set');
  }
  return {
    GroupName: DEADLINE_GROUP,
    Name: deadlineName(service, executionId),
    Description: `Rolls back release ${executionId} of ${service} if it hangs`,
    ScheduleExpression: atExpression(at),
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: MACHINE_ARN,
      RoleArn: DEADLINE_ROLE_ARN,
      Input: JSON.stringify(deadlineInput(rollout, executionId, at)),
      DeadLetterConfig: { Arn: DEADLINE_QUEUE_ARN },
      RetryPolicy: DELIVERY,
    },
  };
}

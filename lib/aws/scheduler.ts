import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CLIENT_CONFIG } from './client-config';

/** Schedule that starts its target once, and then deletes itself. */
export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly description: string;
  /** Moment in UTC, as an expression of Scheduler: `at(2026-01-01T00:00:00)`. */
  readonly expression: string;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  /** Queue of an order that could not be delivered. */
  readonly deadLetterQueueArn: string;
  /** Maximum time of attempts to deliver it. */
  readonly maxAgeSeconds: number;
  readonly maxRetries: number;
}

let client: SchedulerClient | undefined;

/** Returns the client of the handler's own account and region. */
function scheduler(): SchedulerClient {
  client ??= new SchedulerClient(CLIENT_CONFIG);
  return client;
}

/** Creates a schedule. Throws `ConflictException` if its name is taken. */
export async function createSchedule(schedule: Schedule): Promise<void> {
  await scheduler().send(new CreateScheduleCommand(inputOf(schedule)));
}

/** Replaces a schedule of the same name. */
export async function updateSchedule(schedule: Schedule): Promise<void> {
  await scheduler().send(new UpdateScheduleCommand(inputOf(schedule)));
}

/** Deletes a schedule. Throws `ResourceNotFoundException` if there is none. */
export async function deleteSchedule(group: string, name: string): Promise<void> {
  await scheduler().send(new DeleteScheduleCommand({ GroupName: group, Name: name }));
}

const inputOf = (schedule: Schedule): CreateScheduleCommandInput => ({
  GroupName: schedule.group,
  Name: schedule.name,
  Description: schedule.description,
  ScheduleExpression: schedule.expression,
  ScheduleExpressionTimezone: 'UTC',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'DELETE',
  Target: {
    Arn: schedule.targetArn,
    RoleArn: schedule.roleArn,
    Input: schedule.input,
    DeadLetterConfig: { Arn: schedule.deadLetterQueueArn },
    RetryPolicy: { MaximumEventAgeInSeconds: schedule.maxAgeSeconds, MaximumRetryAttempts: schedule.maxRetries },
  },
});

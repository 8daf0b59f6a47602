import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface DeadlinesProps {
  readonly service: string;
  /** ARN of the machine that rolls back. A text, not a reference: the machine's own handlers set the deadlines. */
  readonly machineArn: string;
  /** Queue for orders that could not be delivered. */
  readonly undelivered: sqs.IQueue;
}

/**
 * Deadlines of a pipeline's releases: one-time schedules, which the handler that starts rollouts sets. A release whose
 * rollout hangs past its deadline is rolled back.
 */
export class Deadlines extends Construct {
  private readonly group: string;
  private readonly role: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeadlinesProps,
  ) {
    super(scope, id);
    const { service, machineArn, undelivered } = props;
    this.group = `${service}-deadlines`;
    new CfnScheduleGroup(this, 'Group', { name: this.group });
    this.role = new iam.Role(this, 'Role', {
      description: `Rolls back releases of ${service} that hang`,
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        Permissions: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
            new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }),
          ],
        }),
      },
    });
  }

  /** Environment variables of handlers that delete deadlines. */
  get dropping(): { readonly [name: string]: string } {
    return { DEADLINE_GROUP: this.group };
  }

  /** Environment variables of handlers that set deadlines. */
  get setting(): { readonly [name: string]: string } {
    const { machineArn, undelivered } = this.props;
    return {
      ...this.dropping,
      DEADLINE_ROLE_ARN: this.role.roleArn,
      DEADLINE_QUEUE_ARN: undelivered.queueArn,
      MACHINE_ARN: machineArn,
    };
  }

  /** Returns the permission to delete deadlines. */
  toDrop(): iam.PolicyStatement {
    return this.schedules('scheduler:DeleteSchedule');
  }

  /** Returns the permissions to set deadlines. */
  toSet(): iam.PolicyStatement[] {
    return [
      this.schedules('scheduler:CreateSchedule', 'scheduler:UpdateSchedule'),
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    ];
  }

  private schedules(...actions: string[]): iam.PolicyStatement {
    const resourceName = `${this.group}/*`;
    const arn = Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule', resourceName });
    return new iam.PolicyStatement({ actions, resources: [arn] });
  }
}

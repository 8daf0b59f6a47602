import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface UndeliveredProps {
  readonly service: string;
  /** Topic of the alarm on orders that could not be delivered. */
  readonly topic: sns.ITopic;
}

/** Queue for rollback orders that EventBridge or Scheduler could not deliver within a day, with an alarm. */
export class Undelivered extends Construct {
  readonly queue: sqs.Queue;

  constructor(scope: Construct, id: string, { service, topic }: UndeliveredProps) {
    super(scope, id);
    this.queue = new sqs.Queue(this, 'Queue', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the dead-letter queue, of the safety net and of the deadlines.',
    });
    const alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmDescription: `A rollback of ${service} could not be started: see the dead-letter queue, and start it by hand`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}

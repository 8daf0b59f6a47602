import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Maximum time that the consumer works on one event. */
export const CONSUMER_TIMEOUT = Duration.seconds(30);

/** The data that outlive every release: the orders, and the queue of those that are not accepted yet. */
export class OrdersData extends Construct {
  public readonly table: dynamodb.Table;
  public readonly queue: sqs.Queue;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.queue = new sqs.Queue(this, 'Queue', {
      enforceSSL: true,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      // AWS recommends six times the consumer's timeout: throttled tries do not use up the message's receives.
      visibilityTimeout: Duration.seconds(6 * CONSUMER_TIMEOUT.toSeconds()),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: {
        maxReceiveCount: 5,
        queue: new sqs.Queue(this, 'DeadLetters', {
          enforceSSL: true,
          encryption: sqs.QueueEncryption.SQS_MANAGED,
          retentionPeriod: Duration.days(14),
        }),
      },
    });
  }
}

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OrderQueue } from './ports';

/** Sends the ids of orders to an SQS queue. */
export class SqsOrderQueue implements OrderQueue {
  public constructor(
    private readonly client: Pick<SQSClient, 'send'>,
    private readonly queueUrl: string,
  ) {}

  public async send(id: string): Promise<void> {
    await this.client.send(
      new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: JSON.stringify({ orderId: id }) }),
    );
  }
}

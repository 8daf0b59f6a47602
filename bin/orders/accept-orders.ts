import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Log, OrderStore } from './ports';

export interface AcceptOrdersDependencies {
  readonly store: Pick<OrderStore, 'accept' | 'find'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Fields of a queue's batch that the service reads. */
export interface OrderBatch {
  readonly Records: readonly Pick<SQSEvent['Records'][number], 'messageId' | 'body'>[];
}

/**
 * Accepts the orders that were received from the queue. Only the messages that failed go back to the queue, and after
 * some tries to its dead-letter queue.
 */
export function acceptOrders(dependencies: AcceptOrdersDependencies): (batch: OrderBatch) => Promise<SQSBatchResponse> {
  const { log } = dependencies;
  return async ({ Records }) => {
    const failed: string[] = [];
    for (const { messageId, body } of Records) {
      try {
        await acceptOrder(orderId(body), dependencies);
      } catch (error) {
        log({ level: 'error', message: 'order not accepted', messageId, error: String(error) });
        failed.push(messageId);
      }
    }
    if (failed.length > 0 && failed.length === Records.length) {
      // All go back either way. An error makes it a failed invocation, which the alarms of a release count.
      throw new Error(`None of the ${failed.length} messages could be accepted`);
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

async function acceptOrder(id: string, { store, now, log }: AcceptOrdersDependencies): Promise<void> {
  if (await store.accept(id, now().toISOString())) {
    log({ level: 'info', message: 'order accepted', orderId: id });
    return;
  }
  // Queues deliver at least once: an order that is accepted already is done, one that does not exist is a mistake.
  if (!(await store.find(id))) {
    throw new Error(`No order ${id}`);
  }
  log({ level: 'info', message: 'order was accepted before', orderId: id });
}

function orderId(body: string): string {
  const message: unknown = JSON.parse(body);
  if (typeof message === 'object' && message !== null && 'orderId' in message && typeof message.orderId === 'string') {
    return message.orderId;
  }
  throw new Error('The message has no orderId');
}

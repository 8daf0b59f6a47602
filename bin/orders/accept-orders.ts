import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Log, OrderStore } from './ports';

export interface AcceptOrdersDependencies {
  readonly store: Pick<OrderStore, 'accept' | 'find'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** What of a queue's batch the service looks at. */
export interface OrderBatch {
  readonly Records: readonly Pick<SQSEvent['Records'][number], 'messageId' | 'body'>[];
}

/**
 * The queue's side of the service: accepts the orders that were received. Only the messages that failed go back to the
 * queue, and after some tries to its dead-letter queue.
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
      // All go back either way. But this way it is a failed invocation, which is what the alarms of a release count.
      throw new Error(`None of the ${failed.length} messages could be worked on`);
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

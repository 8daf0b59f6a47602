import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Order } from './order';
import type { OrderStore } from './ports';

/** Orders in a DynamoDB table whose partition key is `id`. */
export class DynamoOrderStore implements OrderStore {
  public constructor(
    private readonly client: Pick<DynamoDBClient, 'send'>,
    private readonly table: string,
  ) {}

  public async add(order: Order): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall(order, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      ),
    );
  }

  public async find(id: string): Promise<Order | undefined> {
    // A consistent read: the caller has just learned that the order exists.
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall({ id }), ConsistentRead: true }),
    );
    return Item && storedOrder(unmarshall(Item));
  }

  public async accept(id: string, acceptedAt: string): Promise<boolean> {
    return unlessConditionFails(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall({ id }),
          UpdateExpression: 'SET #status = :accepted, acceptedAt = :at',
          ConditionExpression: '#status = :received',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: marshall({ ':accepted': 'ACCEPTED', ':received': 'RECEIVED', ':at': acceptedAt }),
        }),
      ),
    );
  }
}

/** Checks the shape of a stored order: another version of this service may have stored another shape. */
function storedOrder(item: Partial<Order>): Order {
  const { id, status, receivedAt, customer, lines } = item;
  if (id && (status === 'RECEIVED' || status === 'ACCEPTED') && receivedAt && customer && Array.isArray(lines)) {
    return { ...item, id, status, receivedAt, customer, lines };
  }
  throw new Error(`The stored order ${id} is not an order: ${JSON.stringify(item)}`);
}

async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

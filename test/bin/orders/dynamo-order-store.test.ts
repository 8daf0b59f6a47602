import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoOrderStore } from '../../../bin/orders/dynamo-order-store';
import { anOrder, NOW } from './fakes';

/** Client that gives every command the same answer, and keeps the commands. */
function store(answer: () => object) {
  const inputs: object[] = [];
  const client = {
    send: async (command: { readonly input: object }) => {
      inputs.push(command.input);
      return answer();
    },
  };
  return { inputs, orders: new DynamoOrderStore(client as unknown as DynamoDBClient, 'orders-table') };
}

const conditionFails = () => {
  throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
};
const tableAway = () => {
  throw new Error('table away');
};

test('adds an order unless there is one of its id', async () => {
  const { orders, inputs } = store(() => ({}));
  expect(await orders.add(anOrder())).toBe(true);
  expect(inputs).toEqual([
    { TableName: 'orders-table', Item: marshall(anOrder()), ConditionExpression: 'attribute_not_exists(id)' },
  ]);
});

test('returns false when an order has that id, or is accepted already', async () => {
  const { orders } = store(conditionFails);
  expect(await orders.add(anOrder())).toBe(false);
  expect(await orders.accept('order-0001', NOW)).toBe(false);
});

test('passes on every other failure', async () => {
  const { orders } = store(tableAway);
  await expect(orders.add(anOrder())).rejects.toThrow('table away');
  await expect(orders.accept('order-0001', NOW)).rejects.toThrow('table away');
  await expect(orders.find('order-0001')).rejects.toThrow('table away');
});

test('finds a stored order, by a consistent read', async () => {
  const { orders, inputs } = store(() => ({ Item: marshall(anOrder()) }));
  expect(await orders.find('order-0001')).toEqual(anOrder());
  expect(inputs).toEqual([expect.objectContaining({ ConsistentRead: true, Key: { id: { S: 'order-0001' } } })]);
});

test('finds nothing where there is nothing', async () => {
  const { orders } = store(() => ({}));
  expect(await orders.find('order-0001')).toBeUndefined();
});

test('refuses to read an item that is not an order', async () => {
  const { orders } = store(() => ({ Item: marshall({ id: 'order-0001', status: 'SHIPPED' }) }));
  await expect(orders.find('order-0001')).rejects.toThrow('The stored order order-0001 is not an order');
});

test('accepts only an order that was received', async () => {
  const { orders, inputs } = store(() => ({}));
  expect(await orders.accept('order-0001', NOW)).toBe(true);
  expect(inputs).toEqual([
    expect.objectContaining({
      ConditionExpression: '#status = :received',
      ExpressionAttributeValues: marshall({ ':accepted': 'ACCEPTED', ':received': 'RECEIVED', ':at': NOW }),
    }),
  ]);
});

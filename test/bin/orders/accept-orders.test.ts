import { acceptOrders, type OrderBatch } from '../../../bin/orders/accept-orders';
import { anOrder, FakeStore, fakeLog, NOW, now } from './fakes';

const batch = (...bodies: string[]): OrderBatch => ({
  Records: bodies.map((body, at) => ({ messageId: `m${at}`, body })),
});
const message = (orderId: string) => JSON.stringify({ orderId });

function consumer(store: FakeStore) {
  const { log, entries } = fakeLog();
  return { consume: acceptOrders({ store, now, log }), entries };
}

test('accepts every order of the batch', async () => {
  const store = new FakeStore(anOrder({ id: 'order-a' }), anOrder({ id: 'order-b' }));
  const { consume } = consumer(store);
  expect(await consume(batch(message('order-a'), message('order-b')))).toEqual({ batchItemFailures: [] });
  expect([...store.orders.values()].map(({ status, acceptedAt }) => [status, acceptedAt])).toEqual([
    ['ACCEPTED', NOW],
    ['ACCEPTED', NOW],
  ]);
});

test('an order delivered twice is accepted once', async () => {
  const store = new FakeStore(anOrder({ id: 'order-a', status: 'ACCEPTED', acceptedAt: '2026-11-19T00:00:00.000Z' }));
  const { consume } = consumer(store);
  expect(await consume(batch(message('order-a')))).toEqual({ batchItemFailures: [] });
  expect(store.orders.get('order-a')?.acceptedAt).toBe('2026-11-19T00:00:00.000Z');
});

test.each([
  ['an unknown order', message('order-x')],
  ['a body that is no JSON', 'order-a'],
  ['a message without an order', '{"orderId":1}'],
  ['null', 'null'],
])('%s fails alone, the others of the batch are accepted', async (_, bad) => {
  const store = new FakeStore(anOrder({ id: 'order-a' }));
  const { consume, entries } = consumer(store);
  expect(await consume(batch(bad, message('order-a')))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(store.orders.get('order-a')?.status).toBe('ACCEPTED');
  expect(entries).toContainEqual(expect.objectContaining({ level: 'error', messageId: 'm0' }));
});

test('a batch without any success fails whole, so that alarms count it', async () => {
  const store = new FakeStore(anOrder({ id: 'order-a' }));
  store.failure = new Error('table away');
  const { consume, entries } = consumer(store);
  await expect(consume(batch(message('order-a'), message('order-a')))).rejects.toThrow(
    'None of the 2 messages could be accepted',
  );
  expect(entries.map(({ messageId }) => messageId)).toEqual(['m0', 'm1']);
});

test('an empty batch is no failure', async () => {
  const { consume } = consumer(new FakeStore());
  expect(await consume(batch())).toEqual({ batchItemFailures: [] });
});

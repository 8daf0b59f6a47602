import { type HttpRequest, httpApi } from '../../../bin/orders/http-api';
import { anOrder, FakeQueue, FakeStore, fakeLog, NOW, now } from './fakes';

const KEY = 'order-0001';
const BODY = JSON.stringify({ customer: 'c-1', lines: [{ sku: 'TEA-1', quantity: 2 }] });

function post(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    routeKey: 'POST /orders',
    headers: { 'idempotency-key': KEY },
    body: BODY,
    isBase64Encoded: false,
    ...changes,
  };
}

const get = (id: string): HttpRequest => ({
  routeKey: 'GET /orders/{id}',
  headers: {},
  pathParameters: { id },
  isBase64Encoded: false,
});

function service(store = new FakeStore(), queue = new FakeQueue()) {
  const { log, entries } = fakeLog();
  const api = httpApi({ store, queue, now, newId: () => 'made-by-us-1', log });
  return {
    store,
    queue,
    entries,
    call: async (request: HttpRequest) => {
      const { statusCode, headers, body } = await api(request);
      return { statusCode, headers, body: JSON.parse(body ?? '') };
    },
  };
}

describe('POST /orders', () => {
  test('stores a valid order and sends it to the queue', async () => {
    const { call, store, queue } = service();
    const { statusCode, headers, body } = await call(post());
    expect({ statusCode, location: headers?.location }).toEqual({ statusCode: 201, location: `/orders/${KEY}` });
    expect(body).toEqual(anOrder({ id: KEY, receivedAt: NOW }));
    expect(store.orders.get(KEY)).toEqual(body);
    expect(queue.sent).toEqual([KEY]);
  });

  test('creates an id when the client gives no key', async () => {
    const { call } = service();
    expect((await call(post({ headers: {} }))).body.id).toBe('made-by-us-1');
  });

  test('reads a body in base64', async () => {
    const { call } = service();
    const body = Buffer.from(BODY).toString('base64');
    expect((await call(post({ body, isBase64Encoded: true }))).statusCode).toBe(201);
  });

  test('answers a repeated request with the stored order, and sends it again', async () => {
    const { call, queue } = service();
    const first = await call(post());
    const second = await call(post());
    expect(second).toMatchObject({ statusCode: 200, body: first.body });
    expect(queue.sent).toEqual([KEY, KEY]);
  });

  test('does not send an accepted order again', async () => {
    const { call, queue } = service(new FakeStore(anOrder({ id: KEY, status: 'ACCEPTED' })));
    expect((await call(post())).body.status).toBe('ACCEPTED');
    expect(queue.sent).toEqual([]);
  });

  test('refuses another order under the same key', async () => {
    const { call, queue } = service(new FakeStore(anOrder({ id: KEY, customer: 'c-2' })));
    expect((await call(post())).statusCode).toBe(409);
    expect(queue.sent).toEqual([]);
  });

  test.each([
    ['a body that is no JSON', { body: '{' }],
    ['no body', { body: undefined }],
    ['an order that is not valid', { body: '{"customer":"c-1","lines":[]}' }],
    ['a key that is too short', { headers: { 'idempotency-key': 'short' } }],
  ])('refuses %s and stores nothing', async (_, changes) => {
    const { call, store } = service();
    expect((await call(post(changes))).statusCode).toBe(400);
    expect(store.orders.size).toBe(0);
  });

  test('shows what is wrong with an order', async () => {
    const { call } = service();
    expect((await call(post({ body: '{"customer":"c-1"}' }))).body.problems).toEqual([
      'lines must be a list of 1 to 100 lines',
    ]);
  });

  test('a client that retries after the queue failed gets its order through', async () => {
    const { call, queue } = service();
    queue.failure = new Error('queue away');
    await expect(call(post())).rejects.toThrow('queue away');
    queue.failure = undefined;
    expect((await call(post())).statusCode).toBe(200);
    expect(queue.sent).toEqual([KEY]);
  });

  test('a failure is logged and fails the invocation, so that alarms count it', async () => {
    const { call, store, entries } = service();
    store.failure = new Error('table away');
    await expect(call(post())).rejects.toThrow('table away');
    expect(entries).toEqual([expect.objectContaining({ level: 'error', error: 'Error: table away' })]);
  });

  test('logs nothing when all is well', async () => {
    const { call, entries } = service();
    await call(post());
    expect(entries).toEqual([]);
  });
});

describe('GET /orders/{id}', () => {
  test('shows the order', async () => {
    const order = anOrder();
    const { call } = service(new FakeStore(order));
    expect(await call(get(order.id))).toMatchObject({ statusCode: 200, body: order });
  });

  test.each(['unknown-1', 'not an id', ''])('does not find %p', async (id) => {
    const { call } = service();
    expect((await call(get(id))).statusCode).toBe(404);
  });
});

test('an unknown route is not found', async () => {
  const { call } = service();
  expect((await call({ ...get('order-0001'), routeKey: '$default' })).statusCode).toBe(404);
});

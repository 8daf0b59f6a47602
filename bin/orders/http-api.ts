import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type NewOrder, type Order, parseOrder, sameOrder } from './order';
import type { Log, OrderQueue, OrderStore } from './ports';

export interface HttpApiDependencies {
  readonly store: Pick<OrderStore, 'add' | 'find'>;
  readonly queue: OrderQueue;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

/** Fields of the HTTP API's event (payload 2.0) that the service reads. */
export type HttpRequest = Pick<
  APIGatewayProxyEventV2,
  'routeKey' | 'headers' | 'pathParameters' | 'body' | 'isBase64Encoded'
>;

type Response = APIGatewayProxyStructuredResultV2;

const ID = /^[A-Za-z0-9-]{8,64}$/;

/** Serves the HTTP API: takes orders and shows them. */
export function httpApi(dependencies: HttpApiDependencies): (request: HttpRequest) => Promise<Response> {
  const { log } = dependencies;
  return async (request) => {
    try {
      return await route(request, dependencies);
    } catch (error) {
      log({ level: 'error', message: 'request failed', routeKey: request.routeKey, error: String(error) });
      // Thrown again: alarms count failed invocations, and would count a 5xx of our making as a success. The client
      // gets a 500, and may try again with the same key.
      throw error;
    }
  };
}

async function route(request: HttpRequest, dependencies: HttpApiDependencies): Promise<Response> {
  switch (request.routeKey) {
    case 'POST /orders':
      return postOrder(request, dependencies);
    case 'GET /orders/{id}':
      return getOrder(request, dependencies);
    default:
      return respond(404, { message: `No route ${request.routeKey}` });
  }
}

async function postOrder(request: HttpRequest, dependencies: HttpApiDependencies): Promise<Response> {
  const key = request.headers['idempotency-key'];
  if (key !== undefined && !ID.test(key)) {
    return respond(400, { message: 'Idempotency-Key must be 8 to 64 letters, digits and dashes' });
  }
  const { order, problems } = parseOrder(jsonBody(request));
  if (!order) {
    return respond(400, { message: 'The order is not valid', problems });
  }
  return place(order, key ?? dependencies.newId(), dependencies);
}

/**
 * Stores the order, then sends it. When sending fails, the client tries again with the same key, finds the order
 * stored, and has it sent again. No stored order is lost, and the consumer may get it twice.
 */
async function place(order: NewOrder, id: string, { store, queue, now }: HttpApiDependencies): Promise<Response> {
  const received: Order = { ...order, id, status: 'RECEIVED', receivedAt: now().toISOString() };
  const stored = (await store.add(received)) ? received : await store.find(id);
  if (!stored || !sameOrder(stored, order)) {
    return respond(409, { message: `Another order has the Idempotency-Key ${id}` });
  }
  if (stored.status === 'RECEIVED') {
    await queue.send(id);
  }
  return respond(stored === received ? 201 : 200, stored, { location: `/orders/${id}` });
}

async function getOrder(request: HttpRequest, { store }: HttpApiDependencies): Promise<Response> {
  const id = request.pathParameters?.id ?? '';
  const order = ID.test(id) ? await store.find(id) : undefined;
  return order ? respond(200, order) : respond(404, { message: `No order ${id}` });
}

function jsonBody({ body, isBase64Encoded }: HttpRequest): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? ''));
  } catch {
    return undefined;
  }
}

function respond(statusCode: number, body: object, headers: Record<string, string> = {}): Response {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

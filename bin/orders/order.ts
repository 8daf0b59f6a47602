/** One article of an order. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** An order as a customer sends it. */
export interface NewOrder {
  readonly customer: string;
  readonly lines: readonly OrderLine[];
}

export type OrderStatus = 'RECEIVED' | 'ACCEPTED';

/** An order as the service stores it. */
export interface Order extends NewOrder {
  readonly id: string;
  readonly status: OrderStatus;
  /** Time of receipt; ISO 8601. */
  readonly receivedAt: string;
  /** Time of acceptance, once it is accepted; ISO 8601. */
  readonly acceptedAt?: string;
}

/** The order, or everything that is wrong with it. */
export type ParsedOrder =
  | { readonly order: NewOrder; readonly problems?: undefined }
  | { readonly order?: undefined; readonly problems: readonly string[] };

const MAX_LINES = 100;
const MAX_QUANTITY = 1_000;
const CUSTOMER = /^[A-Za-z0-9-]{1,64}$/;
const SKU = /^[A-Z0-9-]{1,32}$/;

/** Checks the body of a request, and reports all problems at once. Drops unknown fields. */
export function parseOrder(body: unknown): ParsedOrder {
  if (!isRecord(body)) {
    return { problems: ['the body must be a JSON object'] };
  }
  const { customer, lines } = body;
  const problems: string[] = [];
  if (typeof customer !== 'string' || !CUSTOMER.test(customer)) {
    problems.push('customer must be 1 to 64 letters, digits and dashes');
  }
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > MAX_LINES) {
    problems.push(`lines must be a list of 1 to ${MAX_LINES} lines`);
  }
  const parsed = Array.isArray(lines) ? lines.slice(0, MAX_LINES).map((line, at) => parseLine(line, at, problems)) : [];
  if (problems.length > 0) {
    return { problems };
  }
  return { order: { customer: customer as string, lines: parsed } };
}

/** Returns true if two orders have the same customer and lines. */
export function sameOrder(a: NewOrder, b: NewOrder): boolean {
  const essence = ({ customer, lines }: NewOrder) =>
    JSON.stringify([customer, lines.map(({ sku, quantity }) => [sku, quantity])]);
  return essence(a) === essence(b);
}

function parseLine(line: unknown, at: number, problems: string[]): OrderLine {
  const { sku, quantity } = isRecord(line) ? line : {};
  if (typeof sku !== 'string' || !SKU.test(sku)) {
    problems.push(`lines[${at}].sku must be 1 to 32 capitals, digits and dashes`);
  }
  if (!Number.isInteger(quantity) || (quantity as number) < 1 || (quantity as number) > MAX_QUANTITY) {
    problems.push(`lines[${at}].quantity must be a whole number from 1 to ${MAX_QUANTITY}`);
  }
  return { sku: String(sku), quantity: Number(quantity) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One article of an order. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What a customer sends. */
export interface NewOrder {
  readonly customer: string;
  readonly lines: readonly OrderLine[];
}

export type OrderStatus = 'RECEIVED' | 'ACCEPTED';

/** What the service keeps. */
export interface Order extends NewOrder {
  readonly id: string;
  readonly status: OrderStatus;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** ISO 8601; once it is accepted. */
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

/** Checks what came over the wire and reports all problems at once. Fields it does not know are dropped. */
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

/** Whether two orders ask for the same. */
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

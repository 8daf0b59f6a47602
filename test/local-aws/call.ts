/** Members of a request or an answer, named as the API names them. */
export type Fields = { readonly [name: string]: unknown };

/** One call that reached the local AWS. */
export interface Call {
  /** The service's name in signatures: `codedeploy`, `lambda`, `monitoring`, `ssm`, `sts`, `codepipeline`, `dynamodb`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** The account whose credentials signed the call. */
  readonly account: string;
  /** ARN of the role whose session signed the call, or of the account's root. */
  readonly principal: string;
  readonly input: Fields;
  /** Name of the function that makes the call, as its user agent tells; empty for a caller that does not say. */
  readonly caller: string;
  /** The same for all attempts of one call of an SDK; empty for a caller that does not say. */
  readonly invocation: string;
  /** Virtual time of the call, in milliseconds. */
  readonly at: number;
}

/** A call and what became of it. */
export interface RecordedCall extends Call {
  /** Name of the error that was answered, `no answer`, or nothing when all went well. */
  readonly error?: string;
}

/** What goes wrong with one call. */
export type Fault =
  /** Refused for its rate. */
  | { readonly kind: 'throttled' }
  /** Answered with a server's error, without effect. */
  | { readonly kind: 'server-error' }
  /** Refused for lack of permission. */
  | { readonly kind: 'denied' }
  /** The connection breaks (or, with `hangs`, stays silent until the endpoint is closed). `effect`: after the work was done. */
  | { readonly kind: 'no-answer'; readonly effect: boolean; readonly hangs?: boolean }
  /** Done, but answered with this instead. */
  | { readonly kind: 'garbled'; readonly body: string }
  /** Answered with this error, without effect. */
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly status?: number };

/** Decides for every call whether something goes wrong with it. May wait before it answers. */
export type FaultPlan = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** An error as a service answers it. */
export class AwsError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    /** HTTP status. */
    readonly status = 400,
    /** Further members of the answer. */
    readonly fields: Fields = {},
  ) {
    super(message);
  }
}

/** An account's part of one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const placeKey = (place: Place, ...names: string[]): string =>
  [place.account, place.region, ...names].join('\n');

/** A string member that must be there. */
export function required(input: Fields, member: string, error: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError(error, `${member} is required`);
  }
  return value;
}

/** A string member that may be missing. */
export function optional(input: Fields, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a structure, and empty when missing. */
export function structure(input: Fields, member: string): Fields {
  const value = input[member];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A member that is a list, and empty when missing. */
export function list(input: Fields, member: string): readonly unknown[] {
  const value = input[member];
  return Array.isArray(value) ? value : [];
}

/** Cuts a list into pages: the token of the next page is its first index. */
export function page<T>(items: readonly T[], token: string | undefined, size: number): { items: T[]; next?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidNextTokenException', `The next token ${token} is not one of ours`);
  }
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) };
}

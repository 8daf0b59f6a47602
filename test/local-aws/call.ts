/** Members of a request or an answer, with the API's names. */
export type Fields = { readonly [name: string]: unknown };

/** One call that reached the local AWS. */
export interface Call {
  /**
   * Name of the service in signatures: `codedeploy`, `lambda`, `monitoring`, `ssm`, `sts`, `codepipeline`, `dynamodb`.
   */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** Account whose credentials signed the call. */
  readonly account: string;
  /** ARN of the role whose session signed the call, or of the account's root. */
  readonly principal: string;
  readonly input: Fields;
  /** Name of the calling function, from its user agent; empty if the user agent has none. */
  readonly caller: string;
  /** Id that all attempts of one call of an SDK share; empty for other callers. */
  readonly invocation: string;
  /** Virtual time of the call, in milliseconds. */
  readonly at: number;
}

/** A call and its result. */
export interface RecordedCall extends Call {
  /** Name of the error, `no answer`, or nothing if the call succeeded. */
  readonly error?: string;
}

/** Failure of one call. */
export type Fault =
  /** The call is throttled. */
  | { readonly kind: 'throttled' }
  /** The call fails with a server's error, without effect. */
  | { readonly kind: 'server-error' }
  /** The call is refused for lack of permission. */
  | { readonly kind: 'denied' }
  /**
   * The connection breaks or, with `hangs`, stays silent until the endpoint is closed. `effect`: it does so after the
   * work was done.
   */
  | { readonly kind: 'no-answer'; readonly effect: boolean; readonly hangs?: boolean }
  /** The work is done, but this body replaces the answer. */
  | { readonly kind: 'garbled'; readonly body: string }
  /** The call fails with this error, without effect. */
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly status?: number };

/** Decides for every call if it fails, and how. May wait before it returns. */
export type FaultPlan = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** An error in a service's answer. */
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

/** Part of an account in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const placeKey = (place: Place, ...names: string[]): string =>
  [place.account, place.region, ...names].join('\n');

/** Reads a required string member. */
export function required(input: Fields, member: string, error: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError(error, `${member} is required`);
  }
  return value;
}

/** Reads an optional string member. */
export function optional(input: Fields, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** Reads a member that is a structure; empty if missing. */
export function structure(input: Fields, member: string): Fields {
  const value = input[member];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Reads a member that is a list; empty if missing. */
export function list(input: Fields, member: string): readonly unknown[] {
  const value = input[member];
  return Array.isArray(value) ? value : [];
}

/** Cuts a list into pages. The token of the next page is its first index. */
export function page<T>(items: readonly T[], token: string | undefined, size: number): { items: T[]; next?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidNextTokenException', `The next token ${token} was not issued here`);
  }
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) };
}

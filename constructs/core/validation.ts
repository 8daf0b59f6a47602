import { type Duration, type Environment, Token } from 'aws-cdk-lib';

/** Account and region that are known at synth. */
export interface ConcreteEnvironment {
  readonly account: string;
  readonly region: string;
}

const ACCOUNT = /^\d{12}$/;
/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. */
export const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/;

/** Formats a value for messages, as a person wrote it. */
export const show = (value: unknown): string =>
  Token.isUnresolved(value) ? 'a token' : typeof value === 'string' ? JSON.stringify(value) : String(value);

/**
 * Returns a value that is known at synth, when the pipeline is planned. A token gets its value only at deploy time.
 *
 * @throws if the value is a token
 */
export function known<T>(value: T, property: string): T {
  if (Token.isUnresolved(value)) {
    throw new Error(`${property} is a token, whose value is known only at deploy time: write the value itself`);
  }
  return value;
}

/** Returns account and region, both written out: names, ARNs and the order of rollouts are made of them at synth. */
export function concreteEnvironment(env: Environment | undefined, property: string): ConcreteEnvironment {
  const { account, region } = env ?? {};
  if (account === undefined || Token.isUnresolved(account) || !ACCOUNT.test(account)) {
    throw new Error(
      `${property}.account is ${account === undefined ? 'missing' : show(account)}, but must be known at synth: write the account's 12 digits`,
    );
  }
  if (region === undefined || Token.isUnresolved(region) || !REGION.test(region)) {
    throw new Error(
      `${property}.region is ${region === undefined ? 'missing' : show(region)}, but must be known at synth: write a region such as "us-east-1"`,
    );
  }
  return { account, region };
}

/** Returns a duration in minutes, the unit of CodeDeploy's intervals and of the rollouts. */
export function wholeMinutes(duration: Duration, property: string): number {
  if (duration.isUnresolved()) {
    throw new Error(`${property} is a token, whose value is known only at deploy time: write the value itself`);
  }
  const minutes = duration.toMinutes({ integral: false });
  if (!Number.isInteger(minutes)) {
    throw new Error(
      `${property} is ${duration.toSeconds({ integral: false })} s, but must be whole minutes: round it to ${Math.ceil(minutes)} min`,
    );
  }
  return minutes;
}

/** Returns a whole number that is within its range. */
export function wholeNumber(value: number, property: string, from: number, to: number, meaning: string): number {
  known(value, property);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new Error(`${property} is ${value}, but must be a whole number of ${from}–${to}: ${meaning}`);
  }
  return value;
}

/**
 * Returns true for `constructor`, `toString` and the like: every object has them, so that a map by names seems to have
 * them, too.
 */
export const isBuiltIn = (name: string): boolean => name in {};

/** Refuses a text that is no time zone of the IANA database. */
export function checkTimeZone(timeZone: string, property: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new Error(
      `${property} is ${show(timeZone)}, but must be a time zone of the IANA database: write one such as "Europe/Berlin"`,
    );
  }
}

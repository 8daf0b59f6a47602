import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/** Path of names to an attribute, or to one inside a map. */
type Path = readonly string[];

/** One part of a conditional update. */
export type Update =
  | { readonly set: Path; readonly to: unknown }
  | { readonly equals: Path; readonly value: unknown }
  | { readonly missing: Path }
  | { readonly atMost: Path; readonly value: number };

export const set = (path: Path, to: unknown): Update => ({ set: path, to });
export const equals = (path: Path, value: unknown): Update => ({ equals: path, value });
export const missing = (path: Path): Update => ({ missing: path });
/** Condition that the attribute is missing, or not above this number. */
export const atMost = (path: Path, value: number): Update => ({ atMost: path, value });

/** Error of a write whose condition failed, because somebody else has written. Read again, decide again. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

export interface Expressions {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/**
 * Formats these updates as expressions of DynamoDB. Every name is a placeholder, since many words are reserved.
 *
 * @param counting also counts the write in the attribute `changes`
 */
export function toExpressions(updates: readonly Update[], counting = false): Expressions {
  const names = new Map<string, string>();
  const values: { [placeholder: string]: unknown } = {};
  const at = (path: Path): string =>
    path
      .map((name) => {
        if (!names.has(name)) names.set(name, `#n${names.size}`);
        return names.get(name);
      })
      .join('.');
  const value = (given: unknown): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const sets: string[] = [];
  const conditions: string[] = [];
  for (const update of updates) {
    if ('set' in update) sets.push(`${at(update.set)} = ${value(update.to)}`);
    else if ('equals' in update) conditions.push(`${at(update.equals)} = ${value(update.value)}`);
    else if ('missing' in update) conditions.push(`attribute_not_exists(${at(update.missing)})`);
    else
      conditions.push(`(attribute_not_exists(${at(update.atMost)}) OR ${at(update.atMost)} <= ${value(update.value)})`);
  }
  const adds = counting ? ` ADD ${at(['changes'])} ${value(1)}` : '';
  return {
    ...(sets.length > 0 && { UpdateExpression: `SET ${sets.join(', ')}${adds}` }),
    // A write without a condition has no expression: DynamoDB refuses an empty one.
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ...(names.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name])),
    }),
    ...(Object.keys(values).length > 0 && {
      ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
    }),
  };
}

/** Converts DynamoDB's refusal of a condition into a LedgerConflict. */
export async function conditionally(what: string, write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) {
      throw new LedgerConflict(`The ledger has changed meanwhile: ${what} was not written`, { cause });
    }
    throw cause;
  }
}

/** Attempts at a decision while somebody else writes meanwhile. */
const TRIES = 5;

/**
 * Repeats work after a conflict, since somebody else, such as the machine, writes meanwhile. Each attempt reads anew.
 */
export async function retryingConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LedgerConflict) || tries === TRIES) throw error;
    }
  }
}

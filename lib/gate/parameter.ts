import { json, record, ShapeError } from '../core/shape';

/** What a parameter of Systems Manager holds, as far as a gate looks at it. */
export interface StoredParameter {
  readonly value: string;
  /** Grows by one with every writing; begins at 1 again when the parameter is removed and made anew. */
  readonly version: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** ARN of who wrote this version, where it was asked for. */
  readonly modifiedBy?: string;
}

/** A field of a parameter's value, as its reader gets it: what it is, and what messages call it. */
type Field = readonly [value: unknown, at: string];

/** What a parameter's value reads as; `wrong` says which parameter, what is wrong with it, and how it is right. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

/**
 * Reads the JSON object in a parameter. People write these by hand: a value of the wrong shape is no exception but an answer,
 * and says how to do it right.
 *
 * @param example of a right value
 * @param read gets a function that finds a field by its name
 */
export function readParameter<T>(
  name: string,
  { value }: StoredParameter,
  example: object,
  read: (field: (key: string) => Field) => T,
): Reading<T> {
  try {
    const at = `parameter ${name}`;
    const object = record(json(value, at), at);
    return { value: read((key) => [object[key], `"${key}" of ${at}`]) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { wrong: `${error.message}. Write it such as ${JSON.stringify(example)}` };
  }
}

/** A text with more than blanks in it. */
export function words(value: unknown, at: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new ShapeError(`${at} must be a text that is not empty, but is ${JSON.stringify(value) ?? 'missing'}`);
}

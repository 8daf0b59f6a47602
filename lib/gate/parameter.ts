import { type Fields, json, type ObjectOf, object, quoted, ShapeError } from '../core/shape';

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

/** What a parameter's value reads as; `wrong` says which parameter, what is wrong with it, and how it is right. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

/**
 * Reads the JSON object in a parameter. People write these by hand: a value of the wrong shape is no exception but an answer,
 * and says how to do it right.
 *
 * @param example of a right value
 * @param fields of the object
 */
export function readParameter<F extends Fields>(
  name: string,
  { value }: StoredParameter,
  example: object,
  fields: F,
): Reading<ObjectOf<F>> {
  try {
    const at = `parameter ${name}`;
    return { value: object(fields, quoted)(json(value, at), at) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { wrong: `${error.message}. Write it such as ${JSON.stringify(example)}` };
  }
}

import type { StoredParameter } from '../aws/facts';
import { type Fields, json, type ObjectOf, object, quoted, ShapeError } from '../core/shape';

/** Value of a parameter; or, in `wrong`, the parameter's name, the mistake, and a valid example. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string };

/**
 * Reads the JSON object in a parameter. People write these by hand: a value of the wrong shape is an answer with a
 * valid example, not an exception.
 *
 * @param example of a valid value
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

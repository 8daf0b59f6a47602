import { ShapeError } from './shape';

/**
 * Refuses what another version has written in a shape that this code does not know.
 *
 * @param known the schema number that this code reads
 * @param cure what a person does about it
 */
export function checkSchema(met: unknown, at: string, known: number, cure: string): void {
  if (met !== known) {
    throw new ShapeError(`${at}.schema must be ${known}, but is ${JSON.stringify(met) ?? 'missing'}: ${cure}`);
  }
}

import { fitText } from './fit';

/** Long enough for AWS' own words, short enough for a stage's message. */
const MAX_LENGTH = 300;

/** An error as a person may read it: name and message, on one line, fitted. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return fitText(text.replace(/\s+/g, ' ').trim(), MAX_LENGTH);
}

/** Whether it is an error of AWS of this name. By name, since each client has its own classes. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

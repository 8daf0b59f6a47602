import { fitText } from './fit';

/** Long enough for AWS' own words, short enough for a stage's message. */
const MAX_LENGTH = 300;

/** Formats an error for a person: name and message, on one line, fitted. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return fitText(text.replace(/\s+/g, ' ').trim(), MAX_LENGTH);
}

/** Returns true if an error of AWS has one of these names. Each client has its own classes, so only names compare. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

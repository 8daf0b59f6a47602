/** Long enough for AWS' own words, short enough for a stage's message. */
const MAX_LENGTH = 300;

/** An error as a person may read it: name and message, on one line, cut. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** Whether it is an error of AWS of this name. By name, since each client has its own classes. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

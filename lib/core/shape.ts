/** Reads what came as JSON from outside. Nothing from there is cast; a wrong shape is an error that names the place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const wrong = (value: unknown, at: string, expected: string): never => {
  throw new ShapeError(`${at} must be ${expected}, but is ${shown(value)}`);
};

/** An object that is no array. */
export function record(value: unknown, at: string): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : wrong(value, at, 'an object');
}

/** An object whose values are all read by `read`. Order is kept. */
export function recordOf<T>(
  value: unknown,
  at: string,
  read: (value: unknown, at: string, key: string) => T,
): { readonly [key: string]: T } {
  const entries = Object.entries(record(value, at));
  return Object.fromEntries(entries.map(([key, each]) => [key, read(each, `${at}.${key}`, key)]));
}

/** An array whose elements are all read by `read`. */
export function arrayOf<T>(value: unknown, at: string, read: (value: unknown, at: string) => T): readonly T[] {
  return Array.isArray(value)
    ? value.map((each, index) => read(each, `${at}[${index}]`))
    : wrong(value, at, 'an array');
}

/** A text that is not empty. */
export function text(value: unknown, at: string): string {
  return typeof value === 'string' && value !== '' ? value : wrong(value, at, 'a text that is not empty');
}

/** A finite number, zero or greater. */
export function count(value: unknown, at: string): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(value, at, 'a number of 0 or more');
}

/** True or false. */
export function flag(value: unknown, at: string): boolean {
  return typeof value === 'boolean' ? value : wrong(value, at, 'true or false');
}

/** One of the given words. */
export function oneOf<T extends string>(value: unknown, at: string, words: readonly T[]): T {
  return words.find((word) => word === value) ?? wrong(value, at, `one of ${words.join(', ')}`);
}

/** A moment in ISO 8601, kept as the text it is. */
export function moment(value: unknown, at: string): string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
    ? value
    : wrong(value, at, 'a moment in ISO 8601, such as 2026-11-20T10:00:00.000Z');
}

/** What may be missing. `null` counts as missing. */
export function optional<T>(value: unknown, at: string, read: (value: unknown, at: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, at);
}

/** Parses JSON; the error says whose it was, and never shows more than the beginning of it. */
export function json(source: string, at: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new ShapeError(`${at} must be JSON, but is ${shown(source)}`, { cause });
  }
}

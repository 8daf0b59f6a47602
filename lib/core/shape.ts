import { fitText } from './fit';
import { isoTime, parseMoment } from './time';

/**
 * Shapes of JSON from outside. A reader checks a value and returns it with its type; a value of the wrong shape
 * is an error that names the place. The type of an object is inferred from its readers, so it is written once:
 *
 *     export const window = object({ cron: text, timeZone: maybe(text) });
 *     export type Window = Shape<typeof window>;
 */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Reads a value. Errors name the place. */
export type Reader<T> = (value: unknown, at: string) => T;

/** Type of a reader's result. */
export type Shape<R extends Reader<unknown>> = ReturnType<R>;

/** Readers of an object's fields. A field may be missing if its reader may return undefined. */
export type Fields = { readonly [key: string]: Reader<unknown> };

/** Object of the type that its fields' readers return. */
export type ObjectOf<F extends Fields> = Flat<
  { readonly [K in keyof F as undefined extends ReturnType<F[K]> ? never : K]: ReturnType<F[K]> } & {
    readonly [K in keyof F as undefined extends ReturnType<F[K]> ? K : never]?: ReturnType<F[K]>;
  }
>;

type Flat<T> = { [K in keyof T]: T[K] };

/** Formatters of a field's place: `dotted` for programs, `quoted` for people who write the object by hand. */
const dotted = (at: string, key: string): string => `${at}.${key}`;
export const quoted = (at: string, key: string): string => `"${key}" of ${at}`;

/** One of several objects, each with its own word in the field `kind`. */
type VariantOf<V extends { readonly [word: string]: Fields }> = {
  [Word in keyof V]: Flat<{ readonly kind: Word } & ObjectOf<V[Word]>>;
}[keyof V];

/** Characters of a wrong value that an error shows. */
const MAX_SHOWN = 80;

const shown = (value: unknown): string => {
  if (value === undefined) return 'missing';
  return fitText(JSON.stringify(value) ?? String(value), MAX_SHOWN);
};

/** Refuses a value. */
export const refuse = (value: unknown, at: string, expected: string, cure?: string): never => {
  throw new ShapeError(`${at} must be ${expected}, but is ${shown(value)}${cure === undefined ? '' : `: ${cure}`}`);
};

/**
 * Reads an object with these fields, and drops all others. A missing field is present as undefined.
 *
 * @param placeOf formats the place of a field
 */
export const object =
  <F extends Fields>(fields: F, placeOf = dotted): Reader<ObjectOf<F>> =>
  (value, at) => {
    const found = record(value, at);
    const read = Object.entries(fields).map(([key, reader]) => [key, reader(found[key], placeOf(at, key))]);
    // Every field has been read by the reader that gives it its type.
    return Object.fromEntries(read) as ObjectOf<F>;
  };

/** Reads an object of texts. These keys are checked by name; the others are kept. */
export const texts =
  <F extends { readonly [key: string]: Reader<string> }>(fields: F): Reader<ObjectOf<F>> =>
  (value, at) => ({ ...mapOf(text)(value, at), ...object(fields)(value, at) });

/** Reads an object of one of several kinds. Its field `kind` decides which other fields it has. */
export const variants =
  <V extends { readonly [word: string]: Fields }>(kinds: V): Reader<VariantOf<V>> =>
  (value, at) => {
    const kind = word(...Object.keys(kinds))(record(value, at).kind, `${at}.kind`);
    return { kind, ...object(kinds[kind])(value, at) } as VariantOf<V>;
  };

/** Reads an array. */
export const listOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, at) =>
    Array.isArray(value) ? value.map((each, index) => read(each, `${at}[${index}]`)) : refuse(value, at, 'an array');

/** Reads an object with any keys, whose values all have one shape. Keeps their order. */
export const mapOf =
  <T>(read: (value: unknown, at: string, key: string) => T): Reader<{ readonly [key: string]: T }> =>
  (value, at) => {
    const entries = Object.entries(record(value, at));
    return Object.fromEntries(entries.map(([key, each]) => [key, read(each, `${at}.${key}`, key)]));
  };

/** Reads a value that may be missing. `null` counts as missing. */
export const maybe =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === undefined || value === null ? undefined : read(value, at);

/** Reads a value that may be missing, and returns the default then. */
export const otherwise =
  <T>(read: Reader<T>, fallback: T): Reader<T> =>
  (value, at) =>
    value === undefined || value === null ? fallback : read(value, at);

/** Reads one of these words. */
export const word =
  <W extends string>(...words: readonly W[]): Reader<W> =>
  (value, at) =>
    words.find((each) => each === value) ?? refuse(value, at, `one of ${words.join(', ')}`);

/** Reads one of these numbers. */
export const literal =
  <N extends number>(...numbers: readonly N[]): Reader<N> =>
  (value, at) =>
    numbers.find((each) => each === value) ?? refuse(value, at, numbers.join(' or '));

/**
 * Reads a schema number. Any other number belongs to another version of the code.
 *
 * @param cure names what has versions, and what to do
 */
export const schema =
  <N extends number>(known: N, cure: string): Reader<N> =>
  (value, at) =>
    value === known ? known : refuse(value, at, String(known), cure);

/** Reads any text, also an empty one. */
export const anyText: Reader<string> = (value, at) => (typeof value === 'string' ? value : refuse(value, at, 'a text'));

/** Reads a text that is not empty. */
export function text(value: unknown, at: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(value, at, 'a text that is not empty');
}

/** Reads a text with more than blanks in it, and removes the blanks at its ends. For texts that people write. */
export const words: Reader<string> = (value, at) =>
  (typeof value === 'string' ? value.trim() : '') || refuse(value, at, 'a text that is not empty');

/** Reads a finite number. */
export const number: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(value, at, 'a number');

/** Reads a finite number of 0 or more. */
export function count(value: unknown, at: string): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : refuse(value, at, 'a number of 0 or more');
}

/** Reads true or false. */
export function flag(value: unknown, at: string): boolean {
  return typeof value === 'boolean' ? value : refuse(value, at, 'true or false');
}

/** Reads a moment in ISO 8601 with an offset, and converts it to UTC, as `isoTime` writes it. */
export function moment(value: unknown, at: string): string {
  const read = typeof value === 'string' ? parseMoment(value) : undefined;
  return read === undefined
    ? refuse(value, at, 'a moment in ISO 8601 with an offset, such as 2026-11-20T10:00:00Z')
    : isoTime(read);
}

/** Reads an object that is no array. */
export function record(value: unknown, at: string): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : refuse(value, at, 'an object');
}

/** Parses JSON. The error names the source, and shows only the beginning of the text. */
export function json(source: string, at: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new ShapeError(`${at} must be JSON, but is ${shown(source)}`, { cause });
  }
}

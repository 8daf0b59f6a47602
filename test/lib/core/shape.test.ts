import {
  anyText,
  count,
  flag,
  listOf,
  literal,
  mapOf,
  maybe,
  number,
  object,
  otherwise,
  quoted,
  type Reader,
  type Shape,
  ShapeError,
  schema,
  text,
  texts,
  variants,
  word,
  words,
} from '../../../lib/core/shape';

const window = object({ cron: text, timeZone: maybe(text) });

/** Exactly the same type; mutually assignable types may differ in `readonly` and `?`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

describe('the type of a shape', () => {
  // Each of these lines is checked by the compiler.
  test('has read-only fields, and optional ones for those that may be missing', () => {
    const same: Same<Shape<typeof window>, { readonly cron: string; readonly timeZone?: string | undefined }> = true;
    expect(same).toBe(true);
  });

  test('is one of several objects where there are kinds', () => {
    const source = variants({ REQUESTS: {}, LATENCY: { thresholdMs: count } });
    type Expected = { readonly kind: 'REQUESTS' } | { readonly kind: 'LATENCY'; readonly thresholdMs: number };
    const same: Same<Shape<typeof source>, Expected> = true;
    expect(same).toBe(true);
  });

  test('has the default of a missing field, and the checked texts', () => {
    const item = object({ attempt: otherwise(count, 1), target: texts({ kind: text }) });
    type Expected = { readonly attempt: number; readonly target: { readonly kind: string } };
    const same: Same<Shape<typeof item>, Expected> = true;
    expect(same).toBe(true);
  });

  test('has words and numbers as they are written', () => {
    const stage = object({ schema: schema(1, 'deploy'), scale: literal(1, 100), at: listOf(word('A', 'B')) });
    type Expected = { readonly schema: 1; readonly scale: 1 | 100; readonly at: readonly ('A' | 'B')[] };
    const same: Same<Shape<typeof stage>, Expected> = true;
    expect(same).toBe(true);
  });
});

describe('a shape', () => {
  test('reads its fields and leaves out all others', () => {
    expect(window({ cron: '* * * * *', timeZone: 'UTC', more: 1 }, 'x')).toStrictEqual({
      cron: '* * * * *',
      timeZone: 'UTC',
    });
  });

  test.each([undefined, null])('reads %s as a field that is missing', (timeZone) => {
    expect(window({ cron: '* * * * *', timeZone }, 'x')).toStrictEqual({ cron: '* * * * *', timeZone: undefined });
  });

  test.each([undefined, null])('reads %s as the default of a missing field', (attempt) => {
    const item = object({ attempt: otherwise(count, 1) });
    expect(item({ attempt }, 'x')).toStrictEqual({ attempt: 1 });
    expect(item({ attempt: 0 }, 'x')).toStrictEqual({ attempt: 0 });
  });

  test('of texts keeps unknown ones', () => {
    expect(texts({ kind: text })({ kind: 'A', name: 'b' }, 'x')).toStrictEqual({ kind: 'A', name: 'b' });
  });

  test('of one kind has the fields of this kind alone', () => {
    const source = variants({ REQUESTS: {}, LATENCY: { thresholdMs: count } });
    expect(source({ kind: 'REQUESTS', thresholdMs: 3 }, 'x')).toStrictEqual({ kind: 'REQUESTS' });
    expect(source({ kind: 'LATENCY', thresholdMs: 3 }, 'x')).toStrictEqual({ kind: 'LATENCY', thresholdMs: 3 });
  });

  test('of any keys keeps their order, and gives each key to its reader', () => {
    const upper = mapOf((value, at, key) => `${key} ${text(value, at)}`);
    expect(Object.entries(upper({ b: 'x', a: 'y' }, 'x'))).toEqual([
      ['b', 'b x'],
      ['a', 'a y'],
    ]);
  });

  test('trims texts of people', () => {
    expect(words(' Jo Doe ', 'by')).toBe('Jo Doe');
  });

  test('can name its fields in another way', () => {
    expect(() => object({ by: words }, quoted)({ by: ' ' }, 'parameter /x')).toThrow(
      '"by" of parameter /x must be a text that is not empty, but is " "',
    );
  });
});

test.each<[string, Reader<unknown>, unknown, string]>([
  ['a missing field', window, {}, 'x.cron must be a text that is not empty, but is missing'],
  ['an empty text', window, { cron: '' }, 'x.cron must be a text that is not empty, but is ""'],
  ['another value than a text', texts({}), { a: 1 }, 'x.a must be a text that is not empty, but is 1'],
  [
    'a text that is missing',
    texts({ kind: text }),
    { a: 'b' },
    'x.kind must be a text that is not empty, but is missing',
  ],
  ['a wrong value in place of none', otherwise(count, 1), '1', 'x must be a number of 0 or more, but is "1"'],
  ['a number as text', anyText, 3, 'x must be a text, but is 3'],
  ['an array as object', window, [], 'x must be an object, but is []'],
  ['null as object', window, null, 'x must be an object, but is null'],
  ['an object as array', listOf(text), {}, 'x must be an array, but is {}'],
  ['a wrong element', listOf(text), ['a', 1], 'x[1] must be a text that is not empty, but is 1'],
  ['a wrong value', mapOf(count), { a: 1, b: -1 }, 'x.b must be a number of 0 or more, but is -1'],
  ['a text as number', number, '1', 'x must be a number, but is "1"'],
  ['infinity', count, Number.POSITIVE_INFINITY, 'x must be a number of 0 or more, but is null'],
  ['a word as flag', flag, 'false', 'x must be true or false, but is "false"'],
  ['another word', word('A', 'B'), 'C', 'x must be one of A, B, but is "C"'],
  ['another number', literal(1, 100), 10, 'x must be 1 or 100, but is 10'],
  ['another schema', schema(1, 'deploy it again'), 2, 'x must be 1, but is 2: deploy it again'],
  ['no schema', schema(1, 'deploy it again'), undefined, 'x must be 1, but is missing: deploy it again'],
  ['another kind', variants({ A: {}, B: {} }), { kind: 'C' }, 'x.kind must be one of A, B, but is "C"'],
  ['a property of all objects as kind', variants({ A: {} }), { kind: 'toString' }, 'x.kind must be one of A, but is'],
  ['a long value', count, 'y'.repeat(100), `x must be a number of 0 or more, but is "${'y'.repeat(78)}…`],
])('%s is refused with its place', (_what, read, value, message) => {
  expect(() => read(value, 'x')).toThrow(ShapeError);
  expect(() => read(value, 'x')).toThrow(message);
});

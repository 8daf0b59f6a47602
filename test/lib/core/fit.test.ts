import fc from 'fast-check';
import { fitName, fitText, shortCommit } from '../../../lib/core/fit';

test.each([
  ['a text that fits', 'four', 4, {}, 'four'],
  ['a longer one', 'fives', 4, {}, 'fiv…'],
  ['head and tail', 'abcdef', 8, { head: '<', tail: '/>' }, '<abcd…/>'],
  ['a mark of its own', 'abcdef', 5, { mark: '...' }, 'ab...'],
  ['no mark', 'abcdef', 5, { mark: '' }, 'abcde'],
  ['space for the mark alone', 'ab', 1, {}, '…'],
  ['less space than for the mark', 'abcdef', 2, { mark: '...' }, 'ab'],
  ['no space', 'ab', 0, {}, ''],
  ['no space between head and tail', 'ab', 2, { head: '<', tail: '>' }, '<>'],
  ['blanks before the cut', 'ab  cdef', 5, {}, 'ab…'],
  ['blanks at the end of what fits', 'ab ', 3, {}, 'ab '],
  ['a pair of surrogates before the cut', 'a😀b', 4, { mark: '' }, 'a😀b'],
  ['a pair of surrogates at the cut', 'a😀bcd', 3, {}, 'a…'],
  ['a pair of surrogates that just fits', 'a😀bcd', 4, {}, 'a😀…'],
])('%s', (_what, text, limit, options, expected) => {
  expect(fitText(text, limit, options)).toBe(expected);
});

test('a head and a tail that are too long are refused, with what to change', () => {
  expect(() => fitText('text', 3, { head: '<<', tail: '>>' })).toThrow(
    new RangeError('limit is 3, but head and tail have 4 characters: shorten them'),
  );
});

const text = fc.string({ unit: 'binary', maxLength: 60 });
const part = fc.string({ unit: 'binary', maxLength: 8 });

/** A text, what stands around it, and a limit that head and tail fit into. */
const given = fc
  .record({ text, head: part, tail: part, mark: fc.constantFrom('…', '...', ''), room: fc.nat({ max: 70 }) })
  .map(({ room, ...rest }) => ({ ...rest, limit: rest.head.length + rest.tail.length + room }));

test('a fitted text is never longer than the limit', () => {
  fc.assert(
    fc.property(given, ({ text, limit, ...options }) => {
      expect(fitText(text, limit, options).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test('a text that fits stays whole', () => {
  fc.assert(
    fc.property(given, ({ text, limit, head, tail, mark }) => {
      fc.pre(head.length + text.length + tail.length <= limit);
      expect(fitText(text, limit, { head, tail, mark })).toBe(head + text + tail);
    }),
  );
});

test('head, tail and mark stay whole, and only the end of the text goes', () => {
  fc.assert(
    fc.property(given, ({ text, limit, head, tail, mark }) => {
      fc.pre(head.length + text.length + tail.length > limit);
      fc.pre(head.length + mark.length + tail.length <= limit);
      const fitted = fitText(text, limit, { head, tail, mark });
      expect(fitted.startsWith(head)).toBe(true);
      expect(fitted.endsWith(mark + tail)).toBe(true);
      const rest = fitted.slice(head.length, fitted.length - mark.length - tail.length);
      expect(text.startsWith(rest)).toBe(true);
    }),
  );
});

test('no character is cut into halves', () => {
  const emoji = fc.array(fc.constantFrom('😀', 'a', '𝒳', '…'), { maxLength: 40 }).map((each) => each.join(''));
  fc.assert(
    fc.property(fc.oneof(emoji, text), fc.nat({ max: 80 }), fc.constantFrom('…', ''), (text, limit, mark) => {
      expect(fitText(text, limit, { mark })).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});

test('more space never shows less', () => {
  fc.assert(
    fc.property(given, ({ text, limit, ...options }) => {
      expect(fitText(text, limit + 1, options).length).toBeGreaterThanOrEqual(fitText(text, limit, options).length);
    }),
  );
});

describe('a name', () => {
  const ALLOWED = /^[a-z-]+$/;

  test('that fits and has allowed characters alone is kept', () => {
    expect(fitName('orders-http', 11, ALLOWED)).toBe('orders-http');
  });

  test.each([
    ['too long', 'x'.repeat(37)],
    ['of other characters', 'e/1'],
    ['empty', ''],
  ])('that is %s becomes a digest, the same each time', (_what, name) => {
    expect(fitName(name, 36, ALLOWED)).toMatch(/^[0-9a-f]{36}$/);
    expect(fitName(name, 36, ALLOWED)).toBe(fitName(name, 36, ALLOWED));
  });

  test('stays different from all others', () => {
    const names = ['e', 'e/1', 'e 1', 'x'.repeat(37), 'x'.repeat(38)];
    expect(new Set(names.map((name) => fitName(name, 36, ALLOWED))).size).toBe(names.length);
  });
});

test('a commit is shown by its first twelve characters', () => {
  expect(shortCommit('c0ffee1234567890')).toBe('c0ffee123456');
  expect(shortCommit('c0ffee')).toBe('c0ffee');
});

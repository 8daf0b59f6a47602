import { instant } from '../../../lib/core/instant';

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00.123456+01:00', '2026-11-20T09:00:00.123Z'],
  ['2028-02-29T23:59-02:30', '2028-03-01T02:29:00.000Z'],
])('%s is a moment', (value, utc) => {
  expect(instant(value, 'until')).toBe(utc);
});

test.each([
  ['a day', '2026-11-20'],
  ['a time without an offset', '2026-11-20T10:00:00'],
  ['words, which Date.parse takes for the year 2001', 'soon 1'],
  ['a day that there is not', '2026-02-30T10:00:00Z'],
  ['a month that there is not', '2026-13-01T10:00:00Z'],
  ['an hour that there is not', '2026-11-20T24:00:00Z'],
  ['an offset that there is not', '2026-11-20T10:00:00+99:00'],
  ['a number', 1_795_000_000_000],
  ['nothing', undefined],
  ['an array of a moment', ['2026-11-20T10:00:00Z']],
])('%s is none', (_what, value) => {
  expect(() => instant(value, '"until" of parameter /x')).toThrow(
    /^"until" of parameter \/x must be a moment in ISO 8601 with an offset, such as 2026-11-20T10:00:00Z, but is /,
  );
});

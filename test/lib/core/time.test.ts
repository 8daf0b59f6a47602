import fc from 'fast-check';
import { moment } from '../../../lib/core/shape';
import { isoTime, parseMoment, showIso, showMinute, showMoment } from '../../../lib/core/time';

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00.123456+01:00', '2026-11-20T09:00:00.123Z'],
  ['2028-02-29T23:59-02:30', '2028-03-01T02:29:00.000Z'],
])('%s is a moment', (value, utc) => {
  expect(moment(value, 'until')).toBe(utc);
});

test.each([
  ['a day', '2026-11-20'],
  ['a time without an offset', '2026-11-20T10:00:00'],
  ['words, which Date.parse takes for the year 2001', 'soon 1'],
  ['a day that does not exist', '2026-02-30T10:00:00Z'],
  ['a month that does not exist', '2026-13-01T10:00:00Z'],
  ['an hour that does not exist', '2026-11-20T24:00:00Z'],
  ['an offset that does not exist', '2026-11-20T10:00:00+99:00'],
  ['an offset of 19 hours', '2026-11-20T10:00:00+19:00'],
  ['a minute that does not exist', '2026-11-20T10:60:00Z'],
  ['a second that does not exist', '2026-11-20T10:00:60Z'],
  ['a moment with words behind it', '2026-11-20T10:00:00Z or so'],
  ['a number', 1_795_000_000_000],
  ['nothing', undefined],
  ['an array of a moment', ['2026-11-20T10:00:00Z']],
])('%s is no moment', (_what, value) => {
  expect(() => moment(value, '"until" of parameter /x')).toThrow(
    /^"until" of parameter \/x must be a moment in ISO 8601 with an offset, such as 2026-11-20T10:00:00Z, but is /,
  );
});

test('a moment is read in milliseconds, and finer digits are cut off', () => {
  expect(parseMoment('2026-11-20T10:00:00.5799Z')).toBe(Date.UTC(2026, 10, 20, 10, 0, 0, 579));
});

test.each([
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20 10:00', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T24:00', '2026-11-21T00:00:00.000Z'],
  ['2026-11-20t10:00:00-0230', '2026-11-20T12:30:00.000Z'],
])('%s is a moment for a lenient reader', (text, expected) => {
  expect(parseMoment(text)).toBeUndefined();
  expect(parseMoment(text, true)).toBe(Date.parse(expected));
});

test('every formatted moment can be read again', () => {
  const any = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(any, (date) => expect(parseMoment(isoTime(date.getTime()))).toBe(date.getTime())));
});

describe('a moment is shown', () => {
  const moment = Date.UTC(2026, 2, 9, 8, 0);

  test('with its weekday and its zone', () => {
    expect(showMoment(moment, 'Europe/Berlin')).toBe('Mon 2026-03-09 09:00 Europe/Berlin');
    expect(showMoment(moment)).toBe('Mon 2026-03-09 08:00 UTC');
  });

  test('from ISO 8601, in UTC', () => {
    expect(showIso('2026-03-09T09:00:00+01:00')).toBe('Mon 2026-03-09 08:00 UTC');
  });

  test('as a minute alone', () => {
    expect(showMinute(moment, 'Europe/Berlin')).toBe('2026-03-09 09:00');
  });
});

import * as fc from 'fast-check';
import { Calendar, monthName } from '../../../lib/budget/calendar';
import { at } from './arbitraries';

const iso = (moment: number) => new Date(moment).toISOString();
const month = (name: string) => Number(name.slice(0, 4)) * 12 + Number(name.slice(5)) - 1;

test.each([
  ['UTC', '2026-03', '2026-03-01T00:00:00.000Z'],
  ['Asia/Kolkata', '2026-03', '2026-02-28T18:30:00.000Z'],
  ['Asia/Kathmandu', '2026-01', '2025-12-31T18:15:00.000Z'],
  ['Europe/Berlin', '2026-03', '2026-02-28T23:00:00.000Z'],
  ['Europe/Berlin', '2026-04', '2026-03-31T22:00:00.000Z'],
  ['America/New_York', '2026-11', '2026-11-01T04:00:00.000Z'],
  ['America/New_York', '2026-12', '2026-12-01T05:00:00.000Z'],
  ['Pacific/Apia', '2011-12', '2011-12-01T10:00:00.000Z'],
  // It has skipped 30 December 2011, from one side of the date line to the other.
  ['Pacific/Apia', '2012-01', '2011-12-31T10:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-06', '2026-05-31T10:00:00.000Z'],
  // It has skipped the last day of 1994.
  ['Pacific/Kiritimati', '1995-01', '1994-12-31T10:00:00.000Z'],
  // Clocks went from 00:00 to 01:00: there was no midnight.
  ['America/Asuncion', '2017-10', '2017-10-01T04:00:00.000Z'],
  // The first hour of the month came twice.
  ['America/Havana', '2015-11', '2015-11-01T04:00:00.000Z'],
])('in %s, %s begins at %s', (zone, name, moment) => {
  const calendar = new Calendar(zone);

  expect(iso(calendar.startOf(month(name)))).toBe(moment);
  expect(monthName(calendar.monthAt(at(moment)))).toBe(name);
  expect(monthName(calendar.monthAt(at(moment) - 1))).toBe(monthName(month(name) - 1));
});

test('a month begins once, also where clocks are put back over its beginning', () => {
  // At 00:01 of 1 November 2009, clocks in Newfoundland went back to 23:01.
  const calendar = new Calendar('America/St_Johns');
  const start = calendar.startOf(month('2009-11'));

  expect([at('2009-11-01T02:30:00Z'), at('2009-11-01T03:30:00Z')]).toContain(start);
  for (let moment = at('2009-11-01T01:00:00Z'); moment < at('2009-11-01T05:00:00Z'); moment += 30_000) {
    expect(monthName(calendar.monthAt(moment))).toBe(moment < start ? '2009-10' : '2009-11');
  }
});

test.each([
  [0, '2025-12-31T18:30:00.000Z'],
  [1, '2026-01-31T18:30:00.000Z'],
  [12, '2026-12-31T18:30:00.000Z'],
  [27, '2028-03-31T18:30:00.000Z'],
])('the month %d months after the one of a moment begins at %s', (later, moment) => {
  expect(iso(new Calendar('Asia/Kolkata').startOfMonth(at('2025-12-31T18:30:00Z'), later))).toBe(moment);
});

test('every moment is in the month that begins before it and ends after it', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('UTC', 'Asia/Kolkata', 'Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca', 'Asia/Gaza'),
      fc.integer({ min: at('1990-01-01'), max: at('2050-01-01') }),
      (zone, moment) => {
        const calendar = new Calendar(zone);
        expect(calendar.startOfMonth(moment)).toBeLessThanOrEqual(moment);
        expect(calendar.startOfMonth(moment, 1)).toBeGreaterThan(moment);
      },
    ),
  ));

test('a day that was skipped ends when it begins', () => {
  const apia = new Calendar('Pacific/Apia');
  const days = [29, 30, 31, 32].map((day) => iso(apia.startOfDay(month('2011-12'), day)));

  expect(days).toEqual([
    '2011-12-29T10:00:00.000Z',
    '2011-12-30T10:00:00.000Z',
    '2011-12-30T10:00:00.000Z',
    '2011-12-31T10:00:00.000Z',
  ]);
});

test('months far away are found, and none begins after the year 9999', () => {
  const calendar = new Calendar('Europe/Berlin');

  expect(iso(calendar.startOfMonth(at('2026-01-15'), 12 * 5_000))).toBe('7025-12-31T23:00:00.000Z');
  expect(iso(calendar.startOfMonth(at('2026-01-15'), 1e9))).toBe('9999-12-31T23:59:59.999Z');
});

test('a zone that is none is refused', () => {
  expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError);
});

import fc from 'fast-check';
import { Calendar, monthName } from '../../../lib/core/calendar';
import { at } from '../budget/arbitraries';

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

test('an unknown zone is refused', () => {
  expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError);
});

test.each([
  ['UTC', '2026-11-20T10:00:00Z', '2026-11-20', '2026-11-21T00:00:00.000Z'],
  ['UTC', '2026-11-20T00:00:00Z', '2026-11-20', '2026-11-21T00:00:00.000Z'],
  ['UTC', '2026-11-20T23:59:59.999Z', '2026-11-20', '2026-11-21T00:00:00.000Z'],
  ['Europe/Berlin', '2026-11-20T23:30:00Z', '2026-11-21', '2026-11-21T23:00:00.000Z'],
  // A day of 23 hours, and one of 25.
  ['Europe/Berlin', '2027-03-27T23:00:00Z', '2027-03-28', '2027-03-28T22:00:00.000Z'],
  ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
  // A day that begins at 1 h, since its midnight is skipped.
  ['Africa/Cairo', '2027-04-29T10:00:00Z', '2027-04-29', '2027-04-29T22:00:00.000Z'],
  // At midnight the clocks go back: the day has its last hour twice.
  ['Asia/Beirut', '2026-10-24T20:30:00Z', '2026-10-24', '2026-10-24T22:00:00.000Z'],
  // A day that Samoa has skipped.
  ['Pacific/Apia', '2011-12-30T09:00:00Z', '2011-12-29', '2011-12-30T10:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-20T18:14:59Z', '2026-11-20', '2026-11-20T18:15:00.000Z'],
])('in %s, %s is on %s, which ends %s', (zone, moment, day, end) => {
  const calendar = new Calendar(zone);
  expect(calendar.dayAt(at(moment))).toBe(day);
  expect(iso(calendar.startOfNextDay(at(moment)))).toBe(end);
});

test('a day ends where the next one begins, for every moment of the day', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Beirut'];
  const from = at('2026-01-01');
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: from, max: from + 3 * 366 * 86_400_000 }),
      (zone, moment) => {
        const calendar = new Calendar(zone);
        const end = calendar.startOfNextDay(moment);
        expect(end).toBeGreaterThan(moment);
        expect(calendar.dayAt(end - 1)).toBe(calendar.dayAt(moment));
        expect(calendar.dayAt(end) > calendar.dayAt(moment)).toBe(true);
      },
    ),
  );
});

import fc from 'fast-check';
import { dayOf, nextDay } from '../../../lib/gate/day';

const iso = (moment: number) => new Date(moment).toISOString();

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
  expect(dayOf(zone, Date.parse(moment))).toBe(day);
  expect(iso(nextDay(zone, Date.parse(moment)))).toBe(end);
});

test('a day ends where the next one begins, at whatever moment it is asked', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Beirut'];
  const from = Date.parse('2026-01-01T00:00:00Z');
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: from, max: from + 3 * 366 * 86_400_000 }),
      (zone, moment) => {
        const end = nextDay(zone, moment);
        expect(end).toBeGreaterThan(moment);
        expect(dayOf(zone, end - 1)).toBe(dayOf(zone, moment));
        expect(dayOf(zone, end) > dayOf(zone, moment)).toBe(true);
      },
    ),
  );
});

import fc from 'fast-check';
import { isOpen, nextOpening } from '../../../lib/plan/window';
import { cronOf, type Fields, firstMatch, matches } from './schedule-oracle';

const DAY = 86_400_000;

/**
 * Zones with offsets of full hours, of half hours, and of other minutes, with changes at midnight, and without changes.
 */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'UTC',
];

/** Moments of these years at which the clocks of a zone change. */
const CHANGES = ZONES.flatMap((timeZone) => {
  const offset = (moment: number) =>
    new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
      .formatToParts(moment)
      .find(({ type }) => type === 'timeZoneName')?.value;
  const hours = Array.from({ length: 2 * 365 * 24 }, (_, hour) => Date.UTC(2026, 0, 1, hour));
  const days = hours.filter((hour) => hour % DAY === 0);
  return days.filter((day) => offset(day) !== offset(day + DAY)).map((day) => ({ timeZone, moment: day + DAY / 2 }));
});

const subset = (from: number, to: number) =>
  fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: 4 });
const range = (from: number, to: number) =>
  fc
    .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }))
    .map(([a, b]) => Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => Math.min(a, b) + i));
const field = (from: number, to: number) =>
  fc.option(fc.oneof(subset(from, to), range(from, to)), { nil: undefined, freq: 2 });

const fields: fc.Arbitrary<Fields> = fc.record({
  minutes: field(0, 59),
  hours: field(0, 23),
  days: fc.option(range(1, 31), { nil: undefined, freq: 1 }),
  months: fc.option(range(1, 12), { nil: undefined, freq: 1 }),
  weekdays: field(0, 6),
});

/** Moments around the changes of clocks, and anywhere. */
const places = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -2 * DAY, max: DAY }))
    .map(([{ timeZone, moment }, delta]) => ({ timeZone, from: moment + delta })),
  fc
    .tuple(fc.constantFrom(...ZONES), fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 1) }))
    .map(([timeZone, from]) => ({ timeZone, from })),
);

test('clocks change in the tested zones', () => {
  expect(CHANGES.length).toBeGreaterThanOrEqual(16);
});

test('a window is open exactly in the minutes that its expression matches on the wall', () => {
  fc.assert(
    fc.property(fields, places, (some, { timeZone, from }) => {
      expect(isOpen({ cron: cronOf(some), timeZone }, from)).toBe(matches(some, timeZone, from));
    }),
    { numRuns: 2_000 },
  );
});

test('the next opening is the one that the oracle finds minute by minute', () => {
  fc.assert(
    fc.property(fields, places, (some, { timeZone, from }) => {
      const until = from + 2 * DAY;
      const found = nextOpening({ cron: cronOf(some), timeZone }, from);
      const seen = firstMatch(some, timeZone, from, until);
      if (seen === undefined) expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(until);
      else expect(found).toBe(seen);
    }),
    { numRuns: 300 },
  );
});

test('a later request never opens earlier: a release that is late ends no sooner', () => {
  fc.assert(
    fc.property(fields, places, fc.integer({ min: 0, max: 3 * DAY }), (some, { timeZone, from }, later) => {
      const window = { cron: cronOf(some), timeZone };
      const opens = (moment: number) => nextOpening(window, moment) ?? Number.POSITIVE_INFINITY;
      expect(opens(from + later)).toBeGreaterThanOrEqual(opens(from));
    }),
    { numRuns: 1_000 },
  );
});

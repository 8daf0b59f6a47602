import type { Blackout } from '../../../lib/plan/blackout';
import { releaseSchedule, type TimedRollout } from '../../../lib/plan/schedule';
import { scheduleProblem } from '../../../lib/plan/schedule-check';

const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
const at = (moment: string) => Date.parse(moment);

/** A canary of a day, then two waves; the second only in business hours. */
const ROLLOUTS: readonly TimedRollout[] = [
  { name: 'canary', minutes: 1_440 },
  { name: 'Wave1', minutes: 750 },
  { name: 'Wave2', minutes: 150, window: OFFICE },
];
const XMAS = { from: '2026-12-23T23:00:00.000Z', to: '2026-12-26T23:00:00.000Z', reason: 'Christmas' };

const problem = (from: string, blackouts: readonly Blackout[] = [XMAS], rollouts = ROLLOUTS) =>
  scheduleProblem(releaseSchedule(rollouts, at(from)), blackouts);

test('a schedule has the beginning and end of each rollout, and the waits', () => {
  // Thursday noon: the canary ends on Friday noon, Wave1 after midnight, and Wave2 waits for Monday.
  const { planned } = releaseSchedule(ROLLOUTS, at('2026-11-19T12:00:00Z'));
  const shown = planned.map(({ name, asked, begins, ends }) =>
    [name, ...[asked, begins, ends].map((moment) => new Date(moment).toISOString().slice(0, 16))].join(' '),
  );
  expect(shown).toEqual([
    'canary 2026-11-19T12:00 2026-11-19T12:00 2026-11-20T12:00',
    'Wave1 2026-11-20T12:00 2026-11-20T12:00 2026-11-21T00:30',
    'Wave2 2026-11-21T00:30 2026-11-23T08:00 2026-11-23T10:30',
  ]);
});

test('a release that ends before a blackout has no problem, and neither has one that begins after it', () => {
  expect(problem('2026-12-21T06:00:00Z')).toBeUndefined();
  expect(problem('2026-12-26T23:00:00Z')).toBeUndefined();
});

test('the problem of a release that meets a blackout has both, with the dates, and the wait', () => {
  expect(problem('2026-12-22T12:00:00Z')).toBe(
    'canary would begin Tue 2026-12-22 12:00 UTC, and Wave2 end Thu 2026-12-24 10:30 UTC ' +
      '(Wave2 would wait for its window "* 9-16 * * 1-5" in Europe/Berlin until Thu 2026-12-24 09:00 Europe/Berlin): ' +
      'that meets the blackout from Wed 2026-12-23 23:00 UTC to Sat 2026-12-26 23:00 UTC (Christmas)',
  );
});

test('a wait in a blackout counts: earlier waves have split the fleet', () => {
  const night = { from: '2026-11-21T01:00:00Z', to: '2026-11-21T02:00:00Z' };
  expect(problem('2026-11-19T12:00:00Z', [night])).toMatch(/that meets the blackout from Sat 2026-11-21 01:00 UTC/);
});

test('the problem names all blackouts that the release meets', () => {
  const other = { from: '2026-12-23T00:00:00Z', to: '2026-12-23T12:00:00Z', reason: 'stocktaking' };
  expect(problem('2026-12-22T12:00:00Z', [other, XMAS])).toMatch(/\(stocktaking\) and the blackout .*\(Christmas\)$/);
});

test('a release may end as a blackout begins', () => {
  const canary = [{ name: 'canary', minutes: 1_440 }];
  expect(problem('2026-12-22T23:00:00Z', [XMAS], canary)).toBeUndefined();
  expect(problem('2026-12-22T23:01:00Z', [XMAS], canary)).toMatch(/end Wed 2026-12-23 23:01 UTC: that meets/);
});

test('the problem of a release that takes more than seven days has its end', () => {
  const monthly = { cron: '0 9 1 * *', timeZone: 'UTC' };
  const rollouts = [ROLLOUTS[0], { name: 'Wave1', minutes: 60, window: monthly }];
  expect(problem('2026-11-19T12:00:00Z', [], rollouts)).toBe(
    'canary would begin Thu 2026-11-19 12:00 UTC, and Wave1 end Tue 2026-12-01 10:00 UTC ' +
      '(Wave1 would wait for its window "0 9 1 * *" in UTC until Tue 2026-12-01 09:00 UTC): ' +
      '286 h from Thu 2026-11-19 12:00 UTC, but at most 165 h are allowed, 7 days with 3 h to spare',
  );
  expect(problem('2026-11-25T12:00:00Z', [], rollouts)).toBeUndefined();
});

test('exactly seven days, less three hours, are enough', () => {
  const of = (minutes: number) => problem('2026-11-19T12:00:00Z', [], [{ name: 'canary', minutes }]);
  expect(of(9_900)).toBeUndefined();
  expect(of(9_901)).toMatch(/166 h/);
});

test('the problem names a window that never opens again', () => {
  const rollouts = [{ name: 'Wave1', minutes: 60, window: { cron: '* * 30 2 *', timeZone: 'UTC' } }];
  expect(problem('2026-11-19T12:00:00Z', [], rollouts)).toBe(
    'the window of Wave1, "* * 30 2 *" in UTC, never opens again',
  );
});

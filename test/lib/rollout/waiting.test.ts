import type { Outcome } from '../../../lib/rollout/state';
import { waitOr } from '../../../lib/rollout/waiting';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const giveUp = (reason: string): Outcome => ({ next: 'ROLLBACK', reason });
const wait = (last: Outcome | undefined, now = NOW) =>
  waitOr(giveUp, { last, now, patienceMinutes: 15, reason: 'alarm', keep: { because: 'why' } });

test('patience is counted from the first wait', () => {
  const first = wait({ next: 'WATCH', reason: 'x', waitingSince: '2020-01-01T00:00:00.000Z' });
  expect(first).toEqual({
    next: 'WAIT',
    reason: 'alarm',
    waitingSince: '2026-03-02T10:00:00.000Z',
    waitSeconds: 15,
    because: 'why',
  });
  expect(wait(first, NOW + 14 * 60_000)).toEqual({ ...first, waitSeconds: 84 });
});

test('the pauses grow with the wait, from 15 s to 5 min', () => {
  const since = new Date(NOW).toISOString();
  const pauses = [-1, 0, 1, 2.5, 3, 10, 49, 50, 51, 239].map((minutes) => {
    const last: Outcome = { next: 'WAIT', reason: 'alarm', waitingSince: since };
    return waitOr(giveUp, { last, now: NOW + minutes * 60_000, patienceMinutes: 240, reason: 'alarm' }).waitSeconds;
  });
  expect(pauses).toEqual([15, 15, 15, 15, 18, 60, 294, 300, 300, 300]);
});

test('when it has run out, the reason shows how long and how much was allowed', () => {
  const first = wait(undefined);
  expect(wait(first, NOW + 15 * 60_000)).toEqual({ next: 'ROLLBACK', reason: 'alarm (waited 15 min, at most 15)' });
});

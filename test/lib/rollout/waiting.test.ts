import type { Outcome } from '../../../lib/rollout/state';
import { waitOr } from '../../../lib/rollout/waiting';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const giveUp = (reason: string): Outcome => ({ next: 'ROLL_BACK', reason });
const wait = (last: Outcome | undefined, now = NOW) =>
  waitOr(giveUp, { last, now, patienceMinutes: 15, reason: 'alarm', keep: { because: 'why' } });

test('patience is counted from the first wait', () => {
  const first = wait({ next: 'WATCH', reason: 'x', waitingSince: '2020-01-01T00:00:00.000Z' });
  expect(first).toEqual({ next: 'WAIT', reason: 'alarm', waitingSince: '2026-03-02T10:00:00.000Z', because: 'why' });
  expect(wait(first, NOW + 14 * 60_000)).toEqual(first);
});

test('when it has run out, the reason shows how long and how much was allowed', () => {
  const first = wait(undefined);
  expect(wait(first, NOW + 15 * 60_000)).toEqual({ next: 'ROLL_BACK', reason: 'alarm (waited 15 min, at most 15)' });
});

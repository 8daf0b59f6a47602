import { isoTime, minutesSince } from './patience';
import type { Outcome } from './state';

/** Since when the same handler has been waiting; now when it has not been. */
export const waitingSince = (last: Outcome | undefined, now: number): string =>
  last?.next === 'WAIT' && last.waitingSince ? last.waitingSince : isoTime(now);

/**
 * WAIT, as long as patience lasts; then what `giveUp` makes of the reason.
 *
 * @param keep what of the last answer the next call needs
 */
export function waitOr(
  giveUp: (reason: string) => Outcome,
  wait: {
    readonly last: Outcome | undefined;
    readonly now: number;
    readonly patienceMinutes: number;
    readonly reason: string;
    readonly keep?: Partial<Outcome>;
  },
): Outcome {
  const since = waitingSince(wait.last, wait.now);
  const waited = minutesSince(since, wait.now);
  return waited >= wait.patienceMinutes
    ? giveUp(`${wait.reason} (waited ${Math.floor(waited)} min, at most ${wait.patienceMinutes})`)
    : { ...wait.keep, next: 'WAIT', reason: wait.reason, waitingSince: since };
}

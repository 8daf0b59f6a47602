import { isoTime, minutesSince } from '../core/time';
import type { Outcome } from './state';

/** Since when the same handler has been waiting; now when it has not been. */
export const waitingSince = (last: Outcome | undefined, now: number): string =>
  last?.next === 'WAIT' && last.waitingSince ? last.waitingSince : isoTime(now);

/** A rollback looks often at first; what takes long is looked at less and less often. */
const MIN_PAUSE_SECONDS = 15;
const MAX_PAUSE_SECONDS = 300;

/** Until the next look: a tenth of what has been waited already. */
const pauseSeconds = (waitedMinutes: number): number =>
  Math.min(MAX_PAUSE_SECONDS, Math.max(MIN_PAUSE_SECONDS, Math.round((waitedMinutes * 60) / 10)));

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
    : { ...wait.keep, next: 'WAIT', reason: wait.reason, waitingSince: since, waitSeconds: pauseSeconds(waited) };
}

import { isoTime, minutesSince } from '../core/time';
import type { Outcome } from './state';

/** Returns the moment from which on the same handler has been waiting; now if it has not been. */
export const waitingSince = (last: Outcome | undefined, now: number): string =>
  last?.next === 'WAIT' && last.waitingSince ? last.waitingSince : isoTime(now);

/** Seconds between two rounds of a rollback: few at first, more the longer it takes. */
const MIN_PAUSE_SECONDS = 15;
const MAX_PAUSE_SECONDS = 300;

/** Returns the seconds until the next round: a tenth of the wait so far. */
const pauseSeconds = (waitedMinutes: number): number =>
  Math.min(MAX_PAUSE_SECONDS, Math.max(MIN_PAUSE_SECONDS, Math.round((waitedMinutes * 60) / 10)));

/**
 * Answers WAIT while patience lasts; then what `giveUp` makes of the reason.
 *
 * @param keep fields of the last answer that the next call needs
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

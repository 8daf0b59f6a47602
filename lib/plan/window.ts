import { Cron } from 'croner';
import { showMoment } from '../core/time';
import type { Window } from './window-shape';

export type { Window };

const MINUTE = 60_000;

/** Returns true if the window is open at this moment, in milliseconds since 1970. */
export const isOpen = (window: Window, moment: number): boolean => everySecondOf(window).match(new Date(moment));

/**
 * Returns the moment itself if the window is open, else the beginning of the next minute in which it opens. Returns
 * undefined if it never opens.
 */
export function nextOpening(window: Window, from: number): number | undefined {
  const seconds = everySecondOf(window);
  if (seconds.match(new Date(from))) return from;
  return seconds.nextRun(new Date(Math.floor(from / MINUTE) * MINUTE))?.getTime();
}

/**
 * Refuses an expression that does not have five fields, and a time zone that does not exist.
 *
 * @throws an error that says what is wrong with it
 */
export function checkWindow({ cron, timeZone }: Window): void {
  new Intl.DateTimeFormat('en', { timeZone });
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new RangeError('it must have five fields: minute, hour, day of month, month, day of week');
  }
  new Cron(cron, { mode: '5-part', paused: true });
}

/**
 * Matches every second of a matching minute. Croner moves an expression of a fixed time out of the hour that daylight
 * saving skips, and runs it once in the hour that repeats. This expression follows the clock on the wall.
 */
const everySecondOf = ({ cron, timeZone }: Window): Cron =>
  new Cron(`* ${cron}`, { mode: '6-part', timezone: timeZone, paused: true });

/**
 * Years that stand for all years: the Gregorian calendar repeats itself after 28 of them (until 2100), weekdays and
 * leap days included. They are fixed, so the answer depends on the window alone, and recent, since zones have changed
 * their rules.
 */
const CYCLE = Array.from({ length: 28 }, (_, i) => 2024 + i);

/** Largest distance of a zone from UTC, with an hour to spare. */
const MAX_OFFSET = 15 * 60 * MINUTE;

/**
 * Lists the years of the calendar's cycle in which the window never opens. These are all years for 31 April, or for a
 * minute that the clocks of the zone always skip, and most years for 29 February. The search of a year never goes
 * beyond its end.
 */
export const closedYears = ({ cron, timeZone }: Window): readonly number[] =>
  CYCLE.filter((year) => {
    const inYear = new Cron(`* ${cron} ${year}`, { mode: '7-part', timezone: timeZone, paused: true });
    return inYear.nextRun(new Date(Date.UTC(year, 0, 1) - MAX_OFFSET)) === null;
  });

/** Number of years in the calendar's cycle. */
export const CYCLE_YEARS = CYCLE.length;

/** Formats a window for a message: `"* 9-16 * * 1-5" in Europe/Berlin`. */
export const showWindow = ({ cron, timeZone }: Window): string => `"${cron}" in ${timeZone}`;

/** Formats a wait for a message, by the clocks of the window. */
export const showWait = (window: Window, until: number): string =>
  `waits for its window ${showWindow(window)} until ${showMoment(until, window.timeZone)}`;

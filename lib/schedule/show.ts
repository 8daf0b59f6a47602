import type { Window } from './window';

/** For a message: `Mon 2026-03-09 09:00 Europe/Berlin`. */
export function showMoment(moment: number, timeZone = 'UTC'): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const { weekday, year, month, day, hour, minute } = parts;
  return `${weekday} ${year}-${month}-${day} ${hour}:${minute} ${timeZone}`;
}

/** For a message: `"* 9-16 * * 1-5" in Europe/Berlin`. */
export const showWindow = ({ cron, timeZone }: Window): string => `"${cron}" in ${timeZone}`;

/** For a message: what something waits for, by the clocks of the window. */
export const showWait = (window: Window, until: number): string =>
  `waits for its window ${showWindow(window)} until ${showMoment(until, window.timeZone)}`;

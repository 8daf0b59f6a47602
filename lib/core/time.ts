/** Minutes from a moment in ISO 8601 to `now`, in milliseconds of the epoch. */
export const minutesSince = (moment: string, now: number): number => (now - Date.parse(moment)) / 60_000;

/** A moment in ISO 8601: `2026-03-09T09:00:00.000Z`. */
export const isoTime = (now: number): string => new Date(now).toISOString();

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

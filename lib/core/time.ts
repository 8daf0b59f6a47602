/**
 * Day, `T`, time of day, and offset. `Date.parse` accepts more: it reads "soon 1" as the year 2001, 30 February as 2
 * March, and a time without an offset in the zone of the machine.
 */
const STRICT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})$/;

/** The same, with everything that ISO 8601 and its relatives may leave out or write differently. */
const LENIENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Largest offset from UTC, in hours. No zone has a larger one. */
const MAX_OFFSET_HOURS = 18;

const MINUTE = 60_000;
const DAY_SECONDS = 86_400;

/**
 * Reads a moment in ISO 8601, in milliseconds since 1970. Returns undefined for everything else, and for days and times
 * that do not exist.
 *
 * @param isLenient also reads a day alone, as its first moment in UTC, a time without an offset, as one in UTC, and
 *   24:00
 */
export function parseMoment(text: string, isLenient = false): number | undefined {
  const found = (isLenient ? LENIENT : STRICT).exec(text);
  if (!found) return undefined;
  const [, day, hour = '0', minute = '0', second = '0', fraction = '', offset = 'Z'] = found;
  const midnight = startOfDay(day);
  const shift = offsetMinutes(offset);
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
  // Digits beyond milliseconds are cut off.
  const time = seconds * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const isTime = Number(minute) < 60 && Number(second) < 60 && time < DAY_SECONDS * 1_000;
  const isEndOfDay = isLenient && seconds === DAY_SECONDS && Number(fraction) === 0;
  if (midnight === undefined || shift === undefined || !(isTime || isEndOfDay)) return undefined;
  return midnight + time - shift * MINUTE;
}

/** Returns the first moment of a day in UTC; undefined if the day does not exist. */
function startOfDay(day: string): number | undefined {
  const start = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(start) && isoTime(start).startsWith(day) ? start : undefined;
}

/** Reads an offset, in minutes east of UTC. */
function offsetMinutes(offset: string): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  if (Number(hours) > MAX_OFFSET_HOURS || Number(minutes) > 59) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** Returns the minutes from a moment in ISO 8601 to `now`, in milliseconds since 1970. */
export const minutesSince = (moment: string, now: number): number => (now - Date.parse(moment)) / 60_000;

/** Formats a moment in ISO 8601: `2026-03-09T09:00:00.000Z`. */
export const isoTime = (now: number): string => new Date(now).toISOString();

/** Formats a moment for a message: `Mon 2026-03-09 09:00 Europe/Berlin`. */
export function showMoment(moment: number, timeZone = 'UTC'): string {
  const { weekday, minute } = clockParts(moment, timeZone);
  return `${weekday} ${minute} ${timeZone}`;
}

/** Formats a moment in ISO 8601 for a message, in UTC. */
export const showIso = (moment: string): string => showMoment(Date.parse(moment));

/** Formats a moment by the clocks of a zone: `2026-03-09 09:00`. */
export const showMinute = (moment: number, timeZone: string): string => clockParts(moment, timeZone).minute;

function clockParts(moment: number, timeZone: string): { readonly weekday: string; readonly minute: string } {
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
  return { weekday, minute: `${year}-${month}-${day} ${hour}:${minute}` };
}

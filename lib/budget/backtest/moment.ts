const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s?(?:(Z)|([+-])(\d{2}):?(\d{2})?)?)?$/i;

/** A history is of the past, and not of the time before there were computers: a year outside of these is a slip. */
const YEARS = { first: 1_970, last: 2_099 };

/** What `readMoment` reads, for a message. */
export const MOMENT_FORMAT = `a time in ISO 8601 of the years ${YEARS.first} to ${YEARS.last}, such as 2026-03-10T10:00:00Z or 2026-03-10T12:00+02:00`;

/**
 * Milliseconds since 1970 of a time in ISO 8601: a date, or a date and a time of day, with or without seconds. What has no
 * offset is in UTC. Undefined for everything else, and for what no calendar has, such as 30 February.
 */
export function readMoment(text: string): number | undefined {
  const found = PATTERN.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  const [fraction = '0', , sign, offsetHours = '0', offsetMinutes = '0'] = found.slice(7);
  if (year < YEARS.first || year > YEARS.last) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const seconds = hour * 3_600 + minute * 60 + second;
  // 24:00 is the end of a day.
  if (minute > 59 || second > 59 || seconds + Number(fraction) > 86_400) return undefined;
  if (Number(offsetHours) > 18 || Number(offsetMinutes) > 59) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -60 : 60);
  return date.getTime() + (seconds - offset) * 1_000 + Math.round(Number(fraction) * 1_000);
}

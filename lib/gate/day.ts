/** No day of any zone is longer; most have 24 hours, one a year 25. */
const LONGEST_DAY_MS = 27 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of a moment by the clocks of a time zone: `2026-11-20`. Days compare as texts. */
export function dayOf(timeZone: string, moment: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/**
 * The first moment of the next calendar day. It is looked for rather than reckoned: days have 23 to 25 hours, some begin at
 * 1 h since their midnight is skipped, and some islands have skipped a whole day.
 */
export function nextDay(timeZone: string, moment: number): number {
  const today = dayOf(timeZone, moment);
  let before = moment;
  let after = moment + LONGEST_DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(timeZone, middle) > today) after = middle;
    else before = middle;
  }
  return after;
}

/** Oracle of windows: a person who reads a wall clock of the zone every minute. */

/** Values that each field matches; undefined: all. */
export interface Fields {
  readonly minutes?: readonly number[];
  readonly hours?: readonly number[];
  readonly days?: readonly number[];
  readonly months?: readonly number[];
  /** Sunday is 0. */
  readonly weekdays?: readonly number[];
}

export const cronOf = ({ minutes, hours, days, months, weekdays }: Fields): string =>
  [minutes, hours, days, months, weekdays].map((values) => values?.join(',') ?? '*').join(' ');

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const formats = new Map<string, Intl.DateTimeFormat>();

function wall(moment: number, timeZone: string) {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}

export function matches(fields: Fields, timeZone: string, moment: number): boolean {
  const { minute, hour, day, month, weekday } = wall(moment, timeZone);
  const has = (values: readonly number[] | undefined, value: number) => values === undefined || values.includes(value);
  const byDay = has(fields.days, Number(day));
  const byWeekday = has(fields.weekdays, WEEKDAYS.indexOf(weekday));
  // Cron's rule: when both are given, one of them is enough.
  const dated = fields.days && fields.weekdays ? byDay || byWeekday : byDay && byWeekday;
  return (
    has(fields.minutes, Number(minute)) && has(fields.hours, Number(hour)) && has(fields.months, Number(month)) && dated
  );
}

/** Returns the first minute that matches, minute by minute; undefined when there is none until `until`. */
export function firstMatch(fields: Fields, timeZone: string, from: number, until: number): number | undefined {
  if (matches(fields, timeZone, from)) return from;
  for (let minute = Math.floor(from / 60_000) * 60_000 + 60_000; minute < until; minute += 60_000) {
    if (matches(fields, timeZone, minute)) return minute;
  }
  return undefined;
}

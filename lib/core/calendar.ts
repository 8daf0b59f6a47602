const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Nothing is said of later years: ISO 8601 writes four digits. */
const LAST_MONTH = 9_999 * 12 + 11;
const LAST_MOMENT = Date.UTC(9_999, 12) - 1;

/** The calendar of a time zone. Months are numbers that count on: 12 x year + month, January being 0. */
export class Calendar {
  private readonly format: Intl.DateTimeFormat;
  private readonly starts = new Map<number, number>();

  /**
   * @param timeZone of the IANA database, such as `Europe/Berlin`
   * @throws a RangeError when there is no such zone
   */
  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
  }

  /** The month that the moment is in. */
  public monthAt(moment: number): number {
    const wall = new Date(this.wallAt(moment));
    const month = wall.getUTCFullYear() * 12 + wall.getUTCMonth();
    // Where clocks are put back over the end of a month, the wall shows its first minutes twice.
    if (moment < this.startOf(month)) return month - 1;
    return moment >= this.startOf(month + 1) ? month + 1 : month;
  }

  /** The moment at which a month begins; those after the year 9999 all begin where it ends. */
  public startOf(month: number): number {
    const known = this.starts.get(month);
    if (known !== undefined) return known;
    const start = month > LAST_MONTH ? LAST_MOMENT : this.startOfDay(month, 1);
    this.starts.set(month, start);
    return start;
  }

  /** The moment at which the month begins that the moment is in, or the nth after it. */
  public startOfMonth(moment: number, monthsLater = 0): number {
    return this.startOf(this.monthAt(moment) + monthsLater);
  }

  /**
   * The first moment at which clocks show this day or a later one: not midnight where they are put forward over it. A day
   * beyond those of the month is one of the next.
   */
  public startOfDay(month: number, day: number): number {
    const wall = Date.UTC(Math.floor(month / 12), month % 12, day);
    // No zone is further than 14 h from UTC.
    const [early, late] = [wall - DAY, wall + DAY];
    const offset = this.wallAt(early) - early;
    if (this.wallAt(late) - late === offset) return wall - offset;
    let before = early;
    let after = late;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.wallAt(middle) < wall) before = middle;
      else after = middle;
    }
    return after;
  }

  /** The day of a moment: `2026-11-20`. Days compare as texts. */
  public dayAt(moment: number): string {
    return new Date(this.wallAt(moment)).toISOString().slice(0, 'YYYY-MM-DD'.length);
  }

  /** The moment at which the day ends that the moment is in: days have 23 to 25 hours, and some islands have skipped one. */
  public startOfNextDay(moment: number): number {
    const wall = new Date(this.wallAt(moment));
    return this.startOfDay(wall.getUTCFullYear() * 12 + wall.getUTCMonth(), wall.getUTCDate() + 1);
  }

  /** What clocks show, as the moment at which those of UTC show it. */
  private wallAt(moment: number): number {
    const second = Math.floor(moment / 1_000) * 1_000;
    const parts: { [type: string]: number } = {};
    for (const { type, value } of this.format.formatToParts(second)) parts[type] = Number(value);
    const { year, month, day, hour, minute, second: seconds } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) + (moment - second);
  }
}

/** For a message: `2026-03`. */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

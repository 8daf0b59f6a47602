const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Last month of the calendar: ISO 8601 writes years with four digits. */
const LAST_MONTH = 9_999 * 12 + 11;
const LAST_MOMENT = Date.UTC(9_999, 12) - 1;

/** Calendar of a time zone. Months are numbers that count on: 12 x year + month, with January as 0. */
export class Calendar {
  private readonly format: Intl.DateTimeFormat;
  private readonly starts = new Map<number, number>();

  /**
   * @param timeZone of the IANA database, such as `Europe/Berlin`
   * @throws RangeError if there is no such zone
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

  /** Returns the month of a moment. */
  public monthAt(moment: number): number {
    const wall = new Date(this.wallAt(moment));
    const month = wall.getUTCFullYear() * 12 + wall.getUTCMonth();
    // Where clocks are put back over the end of a month, they show its first minutes twice.
    if (moment < this.startOf(month)) return month - 1;
    return moment >= this.startOf(month + 1) ? month + 1 : month;
  }

  /** Returns the moment at which a month begins. Months after the year 9999 all begin at the end of that year. */
  public startOf(month: number): number {
    const known = this.starts.get(month);
    if (known !== undefined) return known;
    const start = month > LAST_MONTH ? LAST_MOMENT : this.startOfDay(month, 1);
    this.starts.set(month, start);
    return start;
  }

  /** Returns the beginning of the month that contains the moment, or of the nth month after it. */
  public startOfMonth(moment: number, monthsLater = 0): number {
    return this.startOf(this.monthAt(moment) + monthsLater);
  }

  /**
   * Returns the first moment at which clocks show this day or a later one. It is not midnight where clocks are put
   * forward over midnight. A day beyond the end of its month is one of the next month.
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

  /** Returns the day of a moment, such as `2026-11-20`. Days compare as texts. */
  public dayAt(moment: number): string {
    return new Date(this.wallAt(moment)).toISOString().slice(0, 'YYYY-MM-DD'.length);
  }

  /**
   * Returns the end of the day that contains the moment. Days have 23 to 25 hours, and some islands have skipped one.
   */
  public startOfNextDay(moment: number): number {
    const wall = new Date(this.wallAt(moment));
    return this.startOfDay(wall.getUTCFullYear() * 12 + wall.getUTCMonth(), wall.getUTCDate() + 1);
  }

  /** Returns the moment at which clocks in UTC show the time that this zone's clocks show at `moment`. */
  private wallAt(moment: number): number {
    const second = Math.floor(moment / 1_000) * 1_000;
    const parts: { [type: string]: number } = {};
    for (const { type, value } of this.format.formatToParts(second)) parts[type] = Number(value);
    const { year, month, day, hour, minute, second: seconds } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) + (moment - second);
  }
}

/** Formats a month for a message: `2026-03`. */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

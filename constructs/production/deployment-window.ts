import { CYCLE_YEARS, checkWindow, closedYears, type Window } from '../../lib/plan/window';
import { checkTimeZone, known, show, wholeNumber } from '../core/validation';

/** A day of the week. */
export enum Weekday {
  /** Monday. */
  MONDAY = 'MONDAY',
  /** Tuesday. */
  TUESDAY = 'TUESDAY',
  /** Wednesday. */
  WEDNESDAY = 'WEDNESDAY',
  /** Thursday. */
  THURSDAY = 'THURSDAY',
  /** Friday. */
  FRIDAY = 'FRIDAY',
  /** Saturday. */
  SATURDAY = 'SATURDAY',
  /** Sunday. */
  SUNDAY = 'SUNDAY',
}

/** Days and hours of a window. */
export interface BusinessHoursOptions {
  /**
   * Days on which the window opens; at least one.
   *
   * @default - Monday to Friday
   */
  readonly days?: Weekday[];

  /**
   * Hour at which it opens; a whole number of 0–23.
   *
   * @default 9
   */
  readonly from?: number;

  /**
   * Hour at which it closes; a whole number of 1–24, after `from`.
   *
   * @default 17
   */
  readonly to?: number;
}

/**
 * Time in which a production wave may begin. A wave whose window is closed waits, while the regions of earlier waves
 * stay under watch. A window limits when a wave begins, not when it ends: its steps and its bake go on when the window
 * closes.
 */
export abstract class DeploymentWindow {
  /** Lets waves begin at any time. */
  public static always(): DeploymentWindow {
    return new Cron(undefined);
  }

  /**
   * Opens in business hours: by default 9 to 17 h, from Monday to Friday. The clocks of the zone decide, in summer and
   * in winter.
   *
   * @param timeZone of the IANA database, such as `Europe/Berlin`
   * @throws if `timeZone` is unknown, or an option is out of its range
   */
  public static businessHours(timeZone: string, options: BusinessHoursOptions = {}): DeploymentWindow {
    const property = 'DeploymentWindow.businessHours';
    const from = wholeNumber(options.from ?? 9, `${property}: from`, 0, 23, 'it is an hour of the day');
    const to = wholeNumber(options.to ?? 17, `${property}: to`, 1, 24, 'it is an hour of the day');
    if (from >= to) {
      throw new Error(`${property}: from is ${from}, but must be less than to, which is ${to}: change one of the two`);
    }
    const hours = to - from === 1 ? `${from}` : `${from}-${to - 1}`;
    return windowOf(property, `* ${hours} * * ${weekdays(options.days, property)}`, timeZone);
  }

  /**
   * Opens in every minute that a cron expression matches: `* 9-16 * * 1-5` is open from 9 to 17 h, from Monday to
   * Friday; `0 9 * * *` for one minute a day, which is enough for a wave to begin.
   *
   * @param expression of five fields: minute, hour, day of month, month, day of week (0 and 7 are Sunday). When both days are
   * restricted, one of them is enough
   * @param timeZone of the IANA database, such as `Europe/Berlin`; by default `UTC`
   * @throws if `expression` or `timeZone` is wrong, or if there is a year in which no minute matches, as with 31 April,
   * or with 29 February
   */
  public static cron(expression: string, timeZone: string = 'UTC'): DeploymentWindow {
    return windowOf('DeploymentWindow.cron', expression, timeZone);
  }

  /**
   * Window in the plan; undefined for always.
   *
   * @internal
   */
  public abstract readonly _window: Window | undefined;
}

class Cron extends DeploymentWindow {
  public constructor(public readonly _window: Window | undefined) {
    super();
  }
}

function windowOf(property: string, expression: string, timeZone: string): DeploymentWindow {
  known(timeZone, `${property}: timeZone`);
  known(expression, `${property}: expression`);
  checkTimeZone(timeZone, `${property}: timeZone`);
  const cron = String(expression).trim().replace(/\s+/g, ' ');
  const window = { cron, timeZone };
  try {
    checkWindow(window);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${property}: expression is ${show(expression)}, which is no cron expression of five fields (minute, hour, day of month, month, ` +
        `day of week): ${why}. Write one such as "* 9-16 * * 1-5"`,
    );
  }
  checkOpens(window, property);
  return new Cron(window);
}

/** Refuses a window that leaves out whole years: nobody means that, and releases would wait for it in vain. */
function checkOpens(window: Window, property: string): void {
  const closed = closedYears(window);
  if (closed.length === 0) return;
  const when = closed.length === CYCLE_YEARS ? 'a year' : `the whole year ${closed[0]}`;
  throw new Error(
    `${property}: expression is ${show(window.cron)}, but that matches no minute within ${when}: change its days or months`,
  );
}

/** Cron's numbers of the days: Sunday is 0. */
const NUMBERS: { readonly [day: string]: number } = {
  [Weekday.SUNDAY]: 0,
  [Weekday.MONDAY]: 1,
  [Weekday.TUESDAY]: 2,
  [Weekday.WEDNESDAY]: 3,
  [Weekday.THURSDAY]: 4,
  [Weekday.FRIDAY]: 5,
  [Weekday.SATURDAY]: 6,
};

function weekdays(days: Weekday[] | undefined, property: string): string {
  if (days === undefined) return '1-5';
  if (!Array.isArray(days) || days.length === 0) {
    throw new Error(
      `${property}: days is ${JSON.stringify(days)}, but a window needs at least one day: add one, or leave it out`,
    );
  }
  const unknown = days.find((day) => !Object.hasOwn(NUMBERS, day));
  if (unknown !== undefined) {
    throw new Error(
      `${property}: days has ${show(unknown)}, but must have days of the week: use Weekday.MONDAY and the others`,
    );
  }
  return [...new Set(days.map((day) => NUMBERS[day]))].sort((a, b) => a - b).join(',');
}

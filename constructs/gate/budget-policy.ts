import { Duration } from 'aws-cdk-lib';
import { highestBurn } from '../../lib/budget/burn';
import type { BudgetPolicyConfig } from '../../lib/budget/config';
import { checkTimeZone, known, show, wholeMinutes } from '../core/validation';

/** Window of a policy that blocks until the budget has recovered. */
export interface UntilRecoveredOptions {
  /**
   * Window over which the budget is counted. The default is a rolling one: every minute adds a new minute and drops the
   * oldest.
   *
   * @default BudgetWindow.rolling(Duration.days(28))
   */
  readonly window?: BudgetWindow;
}

/** Bound and time zone of the book's rule. */
export interface CarryOverOptions {
  /**
   * Maximum time that one month's downtime blocks, counted from the moment at which the month went over its allowance;
   * at least an hour. Without it a service may be blocked for years: see the backtest,
   * `npx microservice-deployment-pipeline backtest`.
   *
   * @default - no bound
   */
  readonly maxBlock?: Duration;

  /**
   * Time zone of the IANA database in which months begin and end, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** CloudWatch keeps nothing longer than 455 days. */
const MAX_WINDOW_MINUTES = 455 * 24 * 60;
const MIN_WINDOW_MINUTES = 24 * 60;

/** Window over which an error budget is counted. */
export abstract class BudgetWindow {
  /**
   * Counts the last days, for as long as `length`.
   *
   * @param length whole minutes, from 1 to 455 days, which is as long as CloudWatch keeps data
   * @throws if `length` is out of its range
   */
  public static rolling(length: Duration): BudgetWindow {
    const minutes = wholeMinutes(length, 'BudgetWindow.rolling: length');
    if (minutes < MIN_WINDOW_MINUTES || minutes > MAX_WINDOW_MINUTES) {
      throw new Error(
        `BudgetWindow.rolling: length is ${minutes} min, but must be ${MIN_WINDOW_MINUTES}–${MAX_WINDOW_MINUTES} (1–455 days): CloudWatch keeps ` +
          'data no longer, and a single error spends the budget of a shorter window',
      );
    }
    return new Window({ kind: 'UNTIL_RECOVERED', windowMinutes: minutes });
  }

  /**
   * Counts the calendar month, from its first day on. Its allowance is a twelfth of a year's.
   *
   * @param timeZone of the IANA database, such as `Europe/Berlin`; by default `UTC`
   */
  public static calendarMonth(timeZone: string = 'UTC'): BudgetWindow {
    checkTimeZone(known(timeZone, 'BudgetWindow.calendarMonth: timeZone'), 'BudgetWindow.calendarMonth: timeZone');
    return new Window({ kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone });
  }

  /** @internal */
  public abstract readonly _policy: BudgetPolicyConfig;
}

class Window extends BudgetWindow {
  public constructor(public readonly _policy: BudgetPolicyConfig) {
    super();
  }
}

/** The SRE Workbook's first page: two percent of a 30-day budget within an hour. */
const FAST_BURN = 14.4;

/** Parts of a policy. */
interface Parts {
  readonly policy: BudgetPolicyConfig;
  readonly warnBelow?: number;
  /** `undefined` for the default, 0 for none. */
  readonly fastBurn?: number;
}

/**
 * Rule that decides when an error budget is overspent, and for how long that blocks. Exactly at the budget is not over
 * it.
 *
 * A budget that burns at 14.4 times its rate, over an hour and over its last five minutes, blocks before it is spent,
 * unless `fastBurn` says otherwise.
 */
export abstract class BudgetPolicy {
  /** Blocks until the window is back within the budget. */
  public static untilRecovered(options: UntilRecoveredOptions = {}): BudgetPolicy {
    const { window = BudgetWindow.rolling(Duration.days(28)) } = options;
    return new Policy({ policy: window._policy });
  }

  /**
   * Blocks by the rule of "Production-Ready Microservices": a calendar month with downtime D over its allowance B
   * blocks the rest of that month and the next ⌈D / B⌉ calendar months. At 99.99 % 4.38 min are allowed; 12 min are
   * 2.74 times as much, and block three months. Blocks that overlap do not add up: the later end counts.
   *
   * @throws if `maxBlock` is less than an hour, or `timeZone` is unknown
   */
  public static carryOver(options: CarryOverOptions = {}): BudgetPolicy {
    const { maxBlock, timeZone = 'UTC' } = options;
    checkTimeZone(known(timeZone, 'BudgetPolicy.carryOver: timeZone'), 'BudgetPolicy.carryOver: timeZone');
    const maxBlockMinutes = maxBlock && wholeMinutes(maxBlock, 'BudgetPolicy.carryOver: maxBlock');
    if (maxBlockMinutes !== undefined && maxBlockMinutes < 60) {
      throw new Error(
        `BudgetPolicy.carryOver: maxBlock is ${maxBlockMinutes} min, but must be at least 60: a shorter block would end before anybody looks`,
      );
    }
    return new Policy({
      policy: { kind: 'CARRY_OVER', timeZone, ...(maxBlockMinutes !== undefined && { maxBlockMinutes }) },
    });
  }

  /**
   * Warns the team, without a block, when a release comes while less of the budget is left.
   *
   * @param percentage of the budget, above 0 and below 100
   */
  public abstract warnBelow(percentage: number): BudgetPolicy;

  /**
   * Blocks at another burn rate than 14.4. A rate of 1 spends the whole budget in exactly its window.
   *
   * @param rate above 1; and below the maximum of the objective, 1 / (1 - objective), which is 10 at 90 %
   */
  public abstract fastBurn(rate: number): BudgetPolicy;

  /** Blocks only when the budget is spent, however fast it burns. */
  public abstract withoutFastBurn(): BudgetPolicy;

  /** @internal */
  public abstract readonly _policy: BudgetPolicyConfig;

  /** @internal */
  public abstract readonly _warnBelow: number | undefined;

  /**
   * Returns the rate that blocks; undefined when none does. An objective that cannot reach the default has none. A rate
   * that was set, and cannot be reached, is refused.
   *
   * @internal
   */
  public abstract _fastBurnFor(objective: number): number | undefined;
}

class Policy extends BudgetPolicy {
  public constructor(private readonly parts: Parts) {
    super();
  }

  public get _policy(): BudgetPolicyConfig {
    return this.parts.policy;
  }

  public get _warnBelow(): number | undefined {
    return this.parts.warnBelow;
  }

  public warnBelow(percentage: number): BudgetPolicy {
    known(percentage, 'BudgetPolicy.warnBelow: percentage');
    if (!(percentage > 0 && percentage < 100)) {
      throw new Error(
        `BudgetPolicy.warnBelow: percentage is ${show(percentage)}, but must be above 0 and below 100: how much of the budget is left`,
      );
    }
    return new Policy({ ...this.parts, warnBelow: percentage });
  }

  public fastBurn(rate: number): BudgetPolicy {
    known(rate, 'BudgetPolicy.fastBurn: rate');
    if (!(rate > 1 && Number.isFinite(rate))) {
      throw new Error(
        `BudgetPolicy.fastBurn: rate is ${show(rate)}, but must be above 1: at 1 the budget is spent in exactly its window. The SRE Workbook pages at 14.4`,
      );
    }
    return new Policy({ ...this.parts, fastBurn: rate });
  }

  public withoutFastBurn(): BudgetPolicy {
    return new Policy({ ...this.parts, fastBurn: 0 });
  }

  public _fastBurnFor(objective: number): number | undefined {
    const { fastBurn } = this.parts;
    const highest = highestBurn(objective);
    if (fastBurn === 0) return undefined;
    if (fastBurn === undefined) return highest > FAST_BURN ? FAST_BURN : undefined;
    if (fastBurn >= highest) {
      throw new Error(
        `BudgetPolicy.fastBurn: rate is ${fastBurn}, but an objective of ${objective} % burns at ${highest.toFixed(1)} at most, when everything fails: lower the rate`,
      );
    }
    return fastBurn;
  }
}

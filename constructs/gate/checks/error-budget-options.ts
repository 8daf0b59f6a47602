import type { Duration } from 'aws-cdk-lib';
import type { BudgetPolicy } from '../budget-policy';
import type { GateCheckOptions } from '../gate-check-options';

/** How the error budget of an objective is looked at. */
export interface ErrorBudgetOptions extends GateCheckOptions {
  /**
   * What being over the budget means.
   *
   * @default - the organization's standard, else `BudgetPolicy.untilRecovered()`
   */
  readonly policy?: BudgetPolicy;

  /**
   * A region that has served, and has had no data for so long, is an ERROR: no data is not success. At least 5 minutes, at most
   * 28 days.
   *
   * @default - 24 hours; 15 minutes for an uptime, which has a point every minute
   */
  readonly silentAfter?: Duration;
}

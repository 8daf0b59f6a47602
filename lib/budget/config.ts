/** Configuration of a budget's policy: the time it counts over, and how long it blocks. */
export type BudgetPolicyConfig =
  | { readonly kind: 'UNTIL_RECOVERED'; readonly windowMinutes: number }
  | { readonly kind: 'UNTIL_RECOVERED_IN_MONTH'; readonly timeZone: string }
  | { readonly kind: 'CARRY_OVER'; readonly timeZone: string; readonly maxBlockMinutes?: number };

/** Where good and bad are counted. */
export type BudgetSource =
  /** The workload's own: requests, errors and throttles of every function that has served. */
  | { readonly kind: 'REQUESTS' }
  /** The workload's own: of its invocations, those that took no longer than so many milliseconds are good. */
  | { readonly kind: 'LATENCY'; readonly thresholdMs: number }
  /** Counts of requests of the team's own. In each production region, unless `regions` names others. */
  | {
      readonly kind: 'COUNTS';
      readonly good: MetricRef;
      readonly total: MetricRef;
      readonly regions?: readonly string[];
    }
  /** One point a minute, of 0 to `scale`: 1, or 100. */
  | {
      readonly kind: 'UPTIME';
      readonly metric: MetricRef;
      readonly scale: 1 | 100;
      readonly regions?: readonly string[];
    }
  /** An SLO of CloudWatch Application Signals, by name or ARN, in each production region unless `regions` names others. */
  | { readonly kind: 'APPLICATION_SIGNALS'; readonly sloId: string; readonly regions?: readonly string[] };

/** A metric of CloudWatch, in the account of the region's environment. */
export interface MetricRef {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: { readonly [name: string]: string };
  /** Default: Sum for counts, Average for an uptime. */
  readonly stat?: string;
}

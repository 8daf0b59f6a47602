import { count, listOf, literal, mapOf, maybe, object, type Shape, text, variants } from '../core/shape';

/** Configuration of a budget's policy: the time it counts over, and how long it blocks. */
export const budgetPolicy = variants({
  UNTIL_RECOVERED: { windowMinutes: count },
  UNTIL_RECOVERED_IN_MONTH: { timeZone: text },
  CARRY_OVER: { timeZone: text, maxBlockMinutes: maybe(count) },
});
export type BudgetPolicyConfig = Shape<typeof budgetPolicy>;

/** A metric of CloudWatch, in the account of the region's environment. */
const metricRef = object({
  namespace: text,
  name: text,
  dimensions: maybe(mapOf(text)),
  /** Default: Sum for counts, Average for an uptime. */
  stat: maybe(text),
});
export type MetricRef = Shape<typeof metricRef>;

/** Regions in which to read; by default all of production. */
const regions = maybe(listOf(text));

/** Where good and bad are counted. */
export const budgetSource = variants({
  /** The workload's own: requests, errors and throttles of every function that has served. */
  REQUESTS: {},
  /** The workload's own: of its invocations, those that took no longer than so many milliseconds are good. */
  LATENCY: { thresholdMs: count },
  /** Counts of requests of the team's own. */
  COUNTS: { good: metricRef, total: metricRef, regions },
  /** One point a minute, of 0 to `scale`: 1, or 100. */
  UPTIME: { metric: metricRef, scale: literal(1, 100), regions },
  /** An SLO of CloudWatch Application Signals, by name or ARN. */
  APPLICATION_SIGNALS: { sloId: text, regions },
});
export type BudgetSource = Shape<typeof budgetSource>;

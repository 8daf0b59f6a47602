import type { Bucket } from './measure';

const MINUTE_MS = 60_000;

/** Windows that must both burn (SRE Workbook, "Multiwindow, multi-burn-rate alerts"). The short one ends the block. */
const LONG_MINUTES = 60;
const SHORT_MINUTES = 5;

/** Minimum requests in the long window: with fewer, one failure would look like a fire. Amazon's minimum of data points. */
const MIN_REQUESTS = 100;

/** Time to read: the long window, and some minutes for late data. */
export const FAST_BURN_LOOK_BACK_MS = (LONG_MINUTES + SHORT_MINUTES) * MINUTE_MS;

/** Speed at which the budget is spent: 1 spends all of it in exactly its window. */
export interface Burn {
  readonly long: number;
  readonly short: number;
  /** First moment with a bad request in the long window. */
  readonly since: number;
  /** Moment at which the short window is clean, if nothing more fails. */
  readonly until: number;
}

/** Returns the highest possible burn rate: that of a service whose every request fails. */
export const highestBurn = (objective: number): number => 100 / (100 - objective);

/**
 * Computes the burn of the last hour. Undefined when there are too few requests, which is no reason to block: the
 * budget itself is checked, too.
 *
 * @param buckets of one minute each, of all regions together
 * @param leastTotal requests that the hour must have had
 */
export function burn(buckets: readonly Bucket[], objective: number, leastTotal = MIN_REQUESTS): Burn | undefined {
  const end = (buckets.at(-1)?.at ?? 0) + MINUTE_MS;
  const within = (minutes: number) => buckets.filter(({ at }) => at >= end - minutes * MINUTE_MS);
  const long = sums(within(LONG_MINUTES));
  if (long.total < leastTotal) return undefined;
  const rate = ({ total, bad }: Sums) => (total > 0 ? (bad / total) * highestBurn(objective) : 0);
  const failing = within(LONG_MINUTES).filter(({ bad }) => bad > 0);
  return {
    long: rate(long),
    short: rate(sums(within(SHORT_MINUTES))),
    since: failing[0]?.at ?? end,
    until: (failing.at(-1)?.at ?? end) + MINUTE_MS + SHORT_MINUTES * MINUTE_MS,
  };
}

type Sums = Pick<Bucket, 'total' | 'bad'>;

const sums = (buckets: readonly Bucket[]): Sums => ({
  total: buckets.reduce((sum, { total }) => sum + total, 0),
  bad: buckets.reduce((sum, { bad }) => sum + bad, 0),
});

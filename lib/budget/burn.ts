import type { Bucket } from './measure';

const MINUTE_MS = 60_000;

/** Both must burn (SRE Workbook, "Multiwindow, multi-burn-rate alerts"): the short one ends the block when it is over. */
const LONG_MINUTES = 60;
const SHORT_MINUTES = 5;

/** With fewer requests in the long window one that fails would look like a fire. Amazon's minimum of data points. */
const MIN_REQUESTS = 100;

/** What is asked for: the long window, and some for what comes late. */
export const FAST_BURN_LOOK_BACK_MS = (LONG_MINUTES + SHORT_MINUTES) * MINUTE_MS;

/** How fast the budget is being spent: 1 spends all of it in exactly its window. */
export interface Burn {
  readonly long: number;
  readonly short: number;
  /** Since when bad requests have come, within the long window. */
  readonly since: number;
  /** When the short window is clean, if nothing more fails. */
  readonly until: number;
}

/** The highest burn rate that there can be: when everything fails. */
export const highestBurn = (objective: number): number => 100 / (100 - objective);

/**
 * The burn of the last hour. Undefined when there is too little to tell, which is no reason to block: it is looked at in
 * addition to the budget, which has a say of its own.
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

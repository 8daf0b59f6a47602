import type { Published } from '../plan/revision';
import { kindOf } from '../workload/kinds/kinds';
import type { BudgetSource, MetricRef } from './config';
import type { Downtime } from './downtime';

/** Meaning of a metric's values. A throttled request counts as a request, and as a bad one. */
export type Counts = 'TOTAL' | 'GOOD' | 'BAD' | 'TOTAL_AND_BAD' | 'UPTIME';

/** A metric to read, and the meaning of its values. */
export interface Counted {
  readonly metric: MetricRef & { readonly stat: string };
  readonly counts: Counts;
}

/** One point: when its period begins, in milliseconds, and its value. */
export type Point = readonly [at: number, value: number];

/** Counts of one period: of requests; or of minutes, where an uptime is measured. */
export interface Bucket {
  readonly at: number;
  readonly seconds: number;
  readonly total: number;
  readonly bad: number;
}

/** Measure of one region; or the reason why there is none. */
export type RegionMeasure =
  | {
      /** Periods of the policy's window, in order. */
      readonly buckets: readonly Bucket[];
      /** Periods of a minute each, of the last hour and some minutes. */
      readonly recent: readonly Bucket[];
    }
  | { readonly error: string };

/** A source that is measured by metrics. */
export type MetricSource = Exclude<BudgetSource, { readonly kind: 'APPLICATION_SIGNALS' }>;

/**
 * Lists the metrics to read in one region.
 *
 * @param targets those that have served in that region
 */
export function countedIn(source: MetricSource, targets: { readonly [key: string]: Published }): readonly Counted[] {
  switch (source.kind) {
    case 'REQUESTS':
      return Object.values(targets).flatMap((target) => kindOf(target.revision.kind).requests(target));
    case 'LATENCY':
      return Object.values(targets).flatMap((target) =>
        kindOf(target.revision.kind).latency(target, source.thresholdMs),
      );
    case 'COUNTS':
      return [
        { metric: withStat(source.total, 'Sum'), counts: 'TOTAL' },
        { metric: withStat(source.good, 'Sum'), counts: 'GOOD' },
      ];
    case 'UPTIME':
      return [{ metric: withStat(source.metric, 'Average'), counts: 'UPTIME' }];
  }
}

/** Adds the default statistic. The configuration may have the property, but undefined. */
const withStat = (metric: MetricRef, stat: string): Counted['metric'] => ({ ...metric, stat: metric.stat ?? stat });

/**
 * Adds up the series of one region, in periods of these seconds. A period without a count of all requests is left out,
 * whatever its good requests.
 *
 * @throws an Error when an uptime is more than its scale
 */
export function bucketsOf(
  series: readonly { readonly counts: Counts; readonly points: readonly Point[] }[],
  seconds: number,
  scale = 1,
): readonly Bucket[] {
  const sums = new Map<number, { total?: number; good?: number; bad: number }>();
  for (const { counts, points } of series) {
    for (const [at, value] of points) {
      const sum = sums.get(at) ?? { bad: 0 };
      sums.set(at, sum);
      if (counts === 'TOTAL' || counts === 'TOTAL_AND_BAD') sum.total = (sum.total ?? 0) + value;
      if (counts === 'BAD' || counts === 'TOTAL_AND_BAD') sum.bad += value;
      if (counts === 'GOOD') sum.good = (sum.good ?? 0) + value;
      if (counts === 'UPTIME') {
        if (value > scale) throw new Error(`an uptime of ${value} is more than ${scale}: is it a percentage?`);
        sum.total = (sum.total ?? 0) + seconds / 60;
        sum.bad += (seconds / 60) * Math.min(1, 1 - value / scale);
      }
    }
  }
  const hasGood = series.some(({ counts }) => counts === 'GOOD');
  return [...sums]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, { total, good = 0, bad }]) => {
      if (total === undefined) return [];
      const all = Math.max(total, good);
      return [{ at, seconds, total: all, bad: Math.min(all, hasGood ? all - good : bad) }];
    });
}

/** Adds up all regions: a region with more traffic weighs more. */
export function pool(regions: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const sums = new Map<number, Bucket>();
  for (const { at, seconds, total, bad } of regions.flat()) {
    const sum = sums.get(at);
    sums.set(at, { at, seconds, total: total + (sum?.total ?? 0), bad: bad + (sum?.bad ?? 0) });
  }
  return [...sums.values()].sort((a, b) => a.at - b.at);
}

/**
 * Turns bad requests into downtime: a share of a span's requests counts as that share of its time. So a request at
 * night weighs no more than one at noon. Under even traffic, twelve minutes in which every request failed are twelve
 * minutes, and half of the requests of a minute are half a minute.
 *
 * @param span in which a bucket's share is taken, by its beginning: a window, or a calendar month
 */
export function downtimeOf(
  buckets: readonly Bucket[],
  now: number,
  span: (at: number) => { readonly from: number; readonly to: number },
): readonly Downtime[] {
  const first = buckets[0]?.at ?? now;
  const totals = new Map<number, number>();
  for (const { at, total } of buckets) totals.set(span(at).from, (totals.get(span(at).from) ?? 0) + total);
  return buckets.flatMap(({ at, seconds, bad }) => {
    if (bad <= 0) return [];
    const { from, to } = span(at);
    const lasting = (Math.min(now, to) - Math.max(first, from)) / 1_000;
    const share = bad / (totals.get(from) ?? bad);
    // The period under way counts only up to now.
    const until = Math.min(at + seconds * 1_000, Math.max(now, at + 1_000));
    return [{ from: at, to: until, severity: (share * lasting) / ((until - at) / 1_000) }];
  });
}

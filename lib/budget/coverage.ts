import { isoTime } from '../core/time';
import { FAST_BURN_LOOK_BACK_MS } from './burn';
import type { BudgetPolicyConfig, BudgetSource } from './config';
import type { Bucket, RegionMeasure } from './measure';
import { MINUTE } from './objective';
import { lookBack } from './windows';

/** Minimum share of an uptime's minutes that must have data. */
const MIN_COVERAGE = 0.9;

/**
 * Lists regions that did not answer, or have been silent for too long. No data is not success.
 *
 * @param regions that have served
 */
export function unknownRegions(
  silentMinutes: number,
  regions: readonly (readonly [string, RegionMeasure])[],
  now: number,
): readonly string[] {
  return regions.flatMap(([region, measure]) => {
    if ('error' in measure) return [`${region} could not be read: ${measure.error}`];
    const last = lastKnown(measure, now);
    if (last === undefined) return [`${region} has served a stable revision, but has no data at all`];
    const silent = (now - last) / MINUTE;
    return silent > silentMinutes
      ? [`${region} has had no data since ${isoTime(last)}: ${Math.floor(silent)} min > ${silentMinutes} min`]
      : [];
  });
}

/** Finds the end of the last period with data. Within the last hour it is exact to the minute. */
function lastKnown(
  { buckets, recent }: { readonly buckets: readonly Bucket[]; readonly recent: readonly Bucket[] },
  now: number,
): number | undefined {
  const end = (bucket: Bucket | undefined) => bucket && bucket.at + bucket.seconds * 1_000;
  const minute = end(recent.at(-1));
  const period = end(buckets.at(-1));
  if (minute !== undefined) return Math.min(now, minute);
  return period === undefined ? undefined : Math.min(period, now - FAST_BURN_LOOK_BACK_MS);
}

/**
 * Returns the reason why the data are too few for a verdict, if they are.
 *
 * @param servedSince earliest known time at which the service served a stable revision; ISO 8601
 */
export function tooLittle(
  { source, policy }: { readonly source: BudgetSource; readonly policy: BudgetPolicyConfig },
  buckets: readonly Bucket[],
  servedSince: string | undefined,
  now: number,
): string | undefined {
  const total = buckets.reduce((sum, bucket) => sum + bucket.total, 0);
  if (total <= 0) return 'no request in the whole window';
  if (source.kind !== 'UPTIME') return undefined;
  const minutes = buckets.reduce((sum, { seconds }) => sum + seconds / 60, 0);
  // A new service has no data for the whole window, but must have them for the time in which it has served.
  const served = servedSince === undefined ? now : Date.parse(servedSince);
  const begin = Math.max(lookBack(policy, now), Math.min(buckets[0].at, served));
  const lasting = (now - begin) / MINUTE;
  return minutes < MIN_COVERAGE * lasting
    ? `the uptime is known for ${Math.floor(minutes)} of ${Math.floor(lasting)} min, less than ${MIN_COVERAGE * 100} %`
    : undefined;
}

import { type Burn, burn, FAST_BURN_LOOK_BACK_MS } from '../budget/burn';
import { type Bucket, downtimeOf, pool } from '../budget/measure';
import { MINUTE } from '../budget/objective';
import { RETENTION_DAYS } from '../budget/periods';
import { type Standing, standingAt } from '../budget/policy';
import { lookBack, spanOf } from '../budget/windows';
import type { Finding } from '../core/finding';
import { isoTime } from '../core/time';
import type { ErrorBudgetConfig } from './config';

/** Minutes of an uptime that may be missing before it does not tell enough: a tenth. */
const LEAST_COVERAGE = 0.9;

/** What was read in one region. */
export type RegionMeasure =
  | {
      /** Of the policy's window, in their order. */
      readonly buckets: readonly Bucket[];
      /** Of the last hour and some minutes, a minute each. */
      readonly recent: readonly Bucket[];
    }
  | { readonly error: string };

export interface BudgetFacts {
  /** Those in which the service has served a stable revision. */
  readonly regions: { readonly [region: string]: RegionMeasure };
  /** Those in which it never has: nothing is asked of them. */
  readonly neverServed: readonly string[];
  /** Since when, as far back as is known, the service has served stable revisions: ISO 8601. */
  readonly servedSince?: string;
}

/** Whether the error budget of an objective lets a release pass. */
export function checkErrorBudget(config: ErrorBudgetConfig, facts: BudgetFacts, now: number): Finding {
  const { name: check, objective, policy, fastBurn, warnBelow } = config;
  const regions = Object.entries(facts.regions);
  const outside = facts.neverServed.length > 0 ? `; has never served: ${facts.neverServed.join(', ')}` : '';
  if (regions.length === 0) {
    return {
      check,
      verdict: 'PASS',
      reason: `the service has never served a stable revision: there is no budget yet${outside}`,
    };
  }
  const measured = regions.flatMap(([, measure]) => ('error' in measure ? [] : [measure]));
  const buckets = pool(measured.map((measure) => measure.buckets));
  const unknown = unknownRegions(config, regions, now);
  const standing = standingAt(policy, objective, downtimeOf(buckets, now, spanOf(policy, now)), now);
  const shown = `${stateOf(standing)} of ${objective} %`;
  const known = {
    check,
    measured: standing.downMinutes,
    limit: standing.allowedMinutes,
    budgetLeft: standing.leftPercent,
  };

  const also = unknown.length > 0 ? `; besides, ${unknown.join('; ')}` : '';
  if (standing.until !== undefined && standing.since !== undefined) {
    const forgotten = forgottenAt(standing);
    const until = Math.min(standing.until, forgotten);
    const early = until < standing.until ? `; CloudWatch keeps nothing longer than ${RETENTION_DAYS} days` : '';
    const reason = `${standing.causes.map(({ reason }) => reason).join('; ')}${early}${also}${outside}`;
    return { ...known, verdict: 'FAIL', reason, since: isoTime(standing.since), until: isoTime(until) };
  }
  const burning = fastBurn === undefined ? undefined : burningAt(config, fastBurn, measured);
  if (burning && fastBurn !== undefined) {
    const reason = `the budget burns at ${burning.long.toFixed(1)} times its rate over 1 h, and ${burning.short.toFixed(1)} times over 5 min >= ${fastBurn}; ${shown}${also}`;
    return {
      ...known,
      verdict: 'FAIL',
      reason,
      since: isoTime(burning.since),
      until: isoTime(Math.max(now, burning.until)),
    };
  }
  if (unknown.length > 0) {
    return {
      ...known,
      verdict: 'ERROR',
      reason: `${unknown.join('; ')}${outside}`,
      unblockedBy: 'all regions answer and have data',
    };
  }
  const little = tooLittle(config, buckets, facts.servedSince, now);
  if (little)
    return { ...known, verdict: 'INCONCLUSIVE', reason: `${little}${outside}`, unblockedBy: 'there is more data' };
  const isLow = warnBelow !== undefined && standing.leftPercent < warnBelow;
  const warning = isLow
    ? `${standing.leftPercent.toFixed(1)} % of the budget left < ${warnBelow} %: ${shown}`
    : undefined;
  return { ...known, verdict: 'PASS', reason: `${shown}${outside}`, warning };
}

const stateOf = ({ downMinutes, allowedMinutes, leftPercent }: Standing): string =>
  `${downMinutes.toFixed(2)} min down <= ${allowedMinutes.toFixed(2)} min allowed, ${leftPercent.toFixed(1)} % of the budget left`;

/** When the last of what blocks is too old to be known. */
const forgottenAt = ({ causes }: Standing): number =>
  Math.max(...causes.map(({ from }) => from + RETENTION_DAYS * 24 * 60 * MINUTE));

/** Regions that did not answer, or have been silent for too long. No data is not success. */
function unknownRegions(
  { silentMinutes }: ErrorBudgetConfig,
  regions: readonly (readonly [string, RegionMeasure])[],
  now: number,
): readonly string[] {
  return regions.flatMap(([region, measure]) => {
    if ('error' in measure) return [`${region} could not be asked: ${measure.error}`];
    const last = lastKnown(measure, now);
    if (last === undefined) return [`${region} has served a stable revision, but has no data at all`];
    const silent = (now - last) / MINUTE;
    return silent > silentMinutes
      ? [`${region} has had no data since ${isoTime(last)}: ${Math.floor(silent)} min > ${silentMinutes} min`]
      : [];
  });
}

/** Until when there are data. Within the last hour that is seen to the minute. */
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

/** Requests are too few to burn fast; an uptime has no requests, but minutes. */
function burningAt(
  { objective, source }: ErrorBudgetConfig,
  limit: number,
  measured: readonly { readonly recent: readonly Bucket[] }[],
): Burn | undefined {
  const rates = burn(pool(measured.map(({ recent }) => recent)), objective, source.kind === 'UPTIME' ? 1 : undefined);
  return rates && rates.long >= limit && rates.short >= limit ? rates : undefined;
}

function tooLittle(
  { source, policy }: ErrorBudgetConfig,
  buckets: readonly Bucket[],
  servedSince: string | undefined,
  now: number,
): string | undefined {
  const total = buckets.reduce((sum, bucket) => sum + bucket.total, 0);
  if (total <= 0) return 'no request in the whole window';
  if (source.kind !== 'UPTIME') return undefined;
  const minutes = buckets.reduce((sum, { seconds }) => sum + seconds / 60, 0);
  // Of a new service not the whole window is known; but all since it has served.
  const served = servedSince === undefined ? now : Date.parse(servedSince);
  const begin = Math.max(lookBack(policy, now), Math.min(buckets[0].at, served));
  const lasting = (now - begin) / MINUTE;
  return minutes < LEAST_COVERAGE * lasting
    ? `the uptime is known for ${Math.floor(minutes)} of ${Math.floor(lasting)} min, less than ${LEAST_COVERAGE * 100} %`
    : undefined;
}

import type { ReportAnswer } from '../../budget/budget-report';
import { type Burn, burn, FAST_BURN_LOOK_BACK_MS } from '../../budget/burn';
import { type BudgetSource, budgetPolicy, budgetSource } from '../../budget/config';
import { tooLittle, unknownRegions } from '../../budget/coverage';
import { type Bucket, countedIn, downtimeOf, type MetricSource, pool, type RegionMeasure } from '../../budget/measure';
import { MINUTE } from '../../budget/objective';
import { RETENTION_DAYS, sampling } from '../../budget/periods';
import { type BudgetState, budgetStateAt } from '../../budget/policy';
import { readRegion } from '../../budget/read-region';
import { lookBack, spanOf } from '../../budget/windows';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../../core/bounded';
import { errorText } from '../../core/error-text';
import type { Finding } from '../../core/finding';
import { count, maybe, type Shape } from '../../core/shape';
import { isoTime } from '../../core/time';
import type { Stable } from '../../ledger/items';
import type { Candidate } from '../candidate';
import { type CheckConfig, configOf } from '../check-config';
import type { CheckKind } from '../check-kind';
import { signalsBudget } from './decide-signals-budget';

const readConfig = configOf('ERROR_BUDGET', {
  /** In percent, such as 99.99. */
  objective: count,
  source: budgetSource,
  policy: budgetPolicy,
  /** Percentage of the budget: the team is warned when less is left. */
  warnBelow: maybe(count),
  /** Burn rate from which on a release is blocked at once; undefined when it cannot be reached or is not wanted. */
  fastBurn: maybe(count),
  /** Maximum minutes without data for a region that has served; a longer silence is an ERROR. */
  silentMinutes: count,
});
export type ErrorBudgetConfig = Shape<typeof readConfig>;

export interface BudgetFacts {
  /** Measures of the regions in which the service has served a stable revision. */
  readonly regions: { readonly [region: string]: RegionMeasure };
  /** Regions in which it never has. They are not read. */
  readonly neverServed: readonly string[];
  /** Earliest known time at which the service served a stable revision; ISO 8601. */
  readonly servedSince?: string;
  /** Budgets that Application Signals keeps, one for each region; undefined where the gate measures the budget. */
  readonly signals?: readonly ReportAnswer[];
}

/** Checks whether the error budget of an objective lets a release pass. */
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
  const unknown = unknownRegions(config.silentMinutes, regions, now);
  const standing = budgetStateAt(policy, objective, downtimeOf(buckets, now, spanOf(policy, now)), now);
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

const stateOf = ({ downMinutes, allowedMinutes, leftPercent }: BudgetState): string =>
  `${downMinutes.toFixed(2)} min down <= ${allowedMinutes.toFixed(2)} min allowed, ${leftPercent.toFixed(1)} % of the budget left`;

/** Moment at which CloudWatch drops the last data that block. */
const forgottenAt = ({ causes }: BudgetState): number =>
  Math.max(...causes.map(({ from }) => from + RETENTION_DAYS * 24 * 60 * MINUTE));

/** Returns the burn if both windows reach the limit. An uptime counts minutes, and needs only one of them. */
function burningAt(
  { objective, source }: ErrorBudgetConfig,
  limit: number,
  measured: readonly { readonly recent: readonly Bucket[] }[],
): Burn | undefined {
  const rates = burn(pool(measured.map(({ recent }) => recent)), objective, source.kind === 'UPTIME' ? 1 : undefined);
  return rates && rates.long >= limit && rates.short >= limit ? rates : undefined;
}

/** Reads what the objective is measured by, in every region. */
async function readFacts(config: ErrorBudgetConfig, candidate: Candidate): Promise<BudgetFacts> {
  const { source } = config;
  const { served, neverServed } = await candidate.served();
  const regions = regionsOf(source, served, neverServed);
  if (source.kind === 'APPLICATION_SIGNALS') {
    return { regions: {}, neverServed, signals: await readSignals(source.sloId, regions, candidate) };
  }
  const stable = await candidate.stable();
  const measures = await readMeasures({ ...config, source }, regions, stable, candidate);
  return {
    regions: Object.fromEntries(regions.map((region, index) => [region, measures[index]])),
    neverServed,
    servedSince: stable?.recent[0] ?? stable?.at,
  };
}

/** Regions to read: not those of production that have never served. Others are read once the service has served anywhere. */
function regionsOf(source: BudgetSource, served: readonly string[], neverServed: readonly string[]): readonly string[] {
  if (served.length === 0 || !('regions' in source) || !source.regions) return served;
  return source.regions.filter((region) => !neverServed.includes(region));
}

/** Reads every region. A region that fails becomes an error, and the others still answer. */
const readSignals = (sloId: string, regions: readonly string[], candidate: Candidate) =>
  bounded(regions, ENVIRONMENTS_AT_ONCE, async (region): Promise<ReportAnswer> => {
    try {
      return await candidate.budgetReport(region, sloId);
    } catch (error) {
      return { region, error: errorText(error) };
    }
  });

async function readMeasures(
  { policy, source }: ErrorBudgetConfig & { readonly source: MetricSource },
  regions: readonly string[],
  stable: Stable | undefined,
  candidate: Candidate,
): Promise<readonly RegionMeasure[]> {
  const { now } = candidate;
  const { served } = await candidate.served();
  const series = Math.max(1, ...served.map((region) => seriesIn(region, candidate, stable)));
  const whole = sampling(lookBack(policy, now), now, series);
  const hour = sampling(now - FAST_BURN_LOOK_BACK_MS, now, series);
  return bounded(regions, ENVIRONMENTS_AT_ONCE, (region) => {
    const counted = countedIn(source, stable?.revisions[region] ?? {});
    return readRegion((at) => candidate.metrics(region, counted, at), source, counted, whole, hour);
  });
}

/** Number of metrics that all objectives of the gate read in a region: together they must fit into one answer. */
function seriesIn(region: string, { checks }: Candidate, stable: Stable | undefined): number {
  const functions = stable?.revisions[region] ?? {};
  const counted = checks
    .filter(isErrorBudget)
    .flatMap(({ source }) => (source.kind === 'APPLICATION_SIGNALS' ? [] : countedIn(source, functions)));
  return counted.length;
}

const isErrorBudget = (check: CheckConfig): check is ErrorBudgetConfig => check.kind === errorBudget.kind;

function decide(config: ErrorBudgetConfig, facts: BudgetFacts, now: number): Finding {
  const { source } = config;
  return source.kind === 'APPLICATION_SIGNALS' && facts.signals && facts.signals.length > 0
    ? signalsBudget({ ...config, source }, facts.signals)
    : checkErrorBudget(config, facts, now);
}

/** Blocks releases while the error budget of an objective is spent, or burns fast. */
export const errorBudget: CheckKind<ErrorBudgetConfig, BudgetFacts> = {
  kind: 'ERROR_BUDGET',
  readConfig,
  readFacts,
  decide,
};

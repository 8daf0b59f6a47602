import { FAST_BURN_LOOK_BACK_MS } from '../budget/burn';
import type { BudgetSource } from '../budget/config';
import { type Bucket, bucketsOf, type Counted, countedIn, type MetricSource } from '../budget/measure';
import { type Sampling, sampling } from '../budget/periods';
import { readBudgetReport } from '../budget/read-budget-report';
import { lookBack } from '../budget/windows';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { errorText } from '../core/error-text';
import type { Finding } from '../core/finding';
import type { Stable } from '../ledger/items';
import { signalsBudget } from './application-signals';
import type { Candidate } from './candidate';
import type { ErrorBudgetConfig } from './config';
import { checkErrorBudget, type RegionMeasure } from './error-budget';

/** Asks every region for what the objective is measured by, and looks at the budget. */
export async function readErrorBudget(config: ErrorBudgetConfig, candidate: Candidate): Promise<Finding> {
  const { source } = config;
  const { now } = candidate;
  const { served, neverServed } = await candidate.served();
  const stable = await candidate.stable();
  const regions = regionsOf(source, served, neverServed);
  if (source.kind === 'APPLICATION_SIGNALS') {
    const answers = await bounded(regions, ENVIRONMENTS_AT_ONCE, async (region) => {
      try {
        return await readBudgetReport(candidate.environment(region), source.sloId, now);
      } catch (error) {
        return { region, error: errorText(error) };
      }
    });
    if (answers.length > 0) return signalsBudget({ ...config, source }, answers);
    return checkErrorBudget(config, { regions: {}, neverServed }, now);
  }
  const series = Math.max(1, ...served.map((region) => seriesIn(region, candidate, stable)));
  const whole = sampling(lookBack(config.policy, now), now, series);
  const hour = sampling(now - FAST_BURN_LOOK_BACK_MS, now, series);
  const measures = await bounded(regions, ENVIRONMENTS_AT_ONCE, (region) =>
    measure(candidate, region, source, countedIn(source, stable?.revisions[region] ?? {}), whole, hour),
  );
  const facts = Object.fromEntries(regions.map((region, index) => [region, measures[index]]));
  return checkErrorBudget(config, { regions: facts, neverServed, servedSince: stable?.recent[0] ?? stable?.at }, now);
}

/** Where to ask. A region of production that has never served is out of scope; another one, once the service has served. */
function regionsOf(source: BudgetSource, served: readonly string[], neverServed: readonly string[]): readonly string[] {
  if (served.length === 0 || !('regions' in source) || !source.regions) return served;
  return source.regions.filter((region) => !neverServed.includes(region));
}

/** How many metrics all objectives of the gate ask of a region: together they are to fit into one answer. */
function seriesIn(region: string, { config, request }: Candidate, stable: Stable | undefined): number {
  const budgets = config.checks.filter(
    (check) => check.kind === 'ERROR_BUDGET' && check.stages.includes(request.stage),
  );
  const counted = budgets.flatMap((check) =>
    check.kind === 'ERROR_BUDGET' && check.source.kind !== 'APPLICATION_SIGNALS'
      ? countedIn(check.source, stable?.revisions[region] ?? {})
      : [],
  );
  return counted.length;
}

/** A region that does not answer keeps no other from being asked. */
async function measure(
  candidate: Candidate,
  region: string,
  source: MetricSource,
  counted: readonly Counted[],
  whole: Sampling,
  hour: Sampling,
): Promise<RegionMeasure> {
  const scale = source.kind === 'UPTIME' ? source.scale : 1;
  const read = async (at: Sampling): Promise<readonly Bucket[]> => {
    const points = await candidate.metrics.read(candidate.environment(region), counted, at);
    return bucketsOf(
      counted.map(({ counts }, index) => ({ counts, points: points[index] })),
      at.seconds,
      scale,
    );
  };
  try {
    const [buckets, recent] = await Promise.all([read(whole), read(hour)]);
    return { buckets, recent };
  } catch (error) {
    return { error: errorText(error) };
  }
}

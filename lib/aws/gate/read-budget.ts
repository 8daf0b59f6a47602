import { signalsBudget } from '../../gate/application-signals';
import type { ErrorBudgetConfig } from '../../gate/config';
import { checkErrorBudget, lookBack, type RegionMeasure } from '../../gate/error-budget';
import { FAST_BURN_LOOK_BACK_MS } from '../../gate/fast-burn';
import type { Finding } from '../../gate/finding';
import { type Bucket, bucketsOf, type Counted, countedIn, type MetricSource } from '../../gate/measure';
import { type Sampling, sampling } from '../../gate/periods';
import type { Stable } from '../../ledger/items';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../bounded';
import { errorText } from '../error-text';
import { readBudgetReport } from './budget-reports';
import type { Candidate } from './known';
import { readMetrics } from './metric-data';

/** Asks every region for what the objective is measured by, in at most two calls, and looks at the budget. */
export async function readErrorBudget(config: ErrorBudgetConfig, candidate: Candidate): Promise<Finding> {
  const { source } = config;
  const { served, neverServed } = whatServed(await candidate.stable(), candidate);
  const regions = 'regions' in source && source.regions ? (served.length > 0 ? source.regions : []) : served;
  if (source.kind === 'APPLICATION_SIGNALS') {
    const answers = await bounded(regions, ENVIRONMENTS_AT_ONCE, async (region) => {
      try {
        return await readBudgetReport(candidate.environment(region), source.sloId, candidate.now);
      } catch (error) {
        return { region, error: errorText(error) };
      }
    });
    if (answers.length > 0) return signalsBudget({ ...config, source }, answers);
    return checkErrorBudget(config, { regions: {}, neverServed }, candidate.now);
  }
  const counted = await countedByRegion(source, regions, candidate);
  const series = Math.max(1, ...counted.map(([, each]) => each.length));
  const now = candidate.now;
  const whole = sampling(lookBack(config.policy, now), now, series);
  const hour = sampling(now - FAST_BURN_LOOK_BACK_MS, now, series);
  const measures = await bounded(counted, ENVIRONMENTS_AT_ONCE, ([region, each]) =>
    measure(candidate, region, source, each, whole, config.fastBurn === undefined ? undefined : hour),
  );
  const facts = Object.fromEntries(counted.map(([region], index) => [region, measures[index]]));
  return checkErrorBudget(config, { regions: facts, neverServed }, now);
}

/** Regions that have served a stable revision, and those that never have. A new function of a region has no metrics yet. */
function whatServed(stable: Stable | undefined, { config }: Candidate) {
  const regions = Object.keys(config.production);
  const served = regions.filter((region) => Object.keys(stable?.revisions[region] ?? {}).length > 0);
  const neverServed = regions.filter((region) => !served.includes(region));
  return { served, neverServed };
}

async function countedByRegion(
  source: MetricSource,
  regions: readonly string[],
  candidate: Candidate,
): Promise<readonly (readonly [region: string, counted: readonly Counted[]])[]> {
  const stable = await candidate.stable();
  return regions.map((region) => [region, countedIn(source, stable?.revisions[region] ?? {})]);
}

/** A region that does not answer keeps no other from being asked. */
async function measure(
  candidate: Candidate,
  region: string,
  source: MetricSource,
  counted: readonly Counted[],
  whole: Sampling,
  hour: Sampling | undefined,
): Promise<RegionMeasure> {
  const scale = source.kind === 'UPTIME' ? source.scale : 1;
  const read = async (at: Sampling): Promise<readonly Bucket[]> => {
    const points = await readMetrics(candidate.environment(region), counted, at, candidate.now);
    return bucketsOf(
      counted.map(({ counts }, index) => ({ counts, points: points[index] })),
      at.seconds,
      scale,
    );
  };
  try {
    const [buckets, recent] = await Promise.all([read(whole), hour ? read(hour) : []]);
    return { buckets, recent };
  } catch (error) {
    return { error: errorText(error) };
  }
}

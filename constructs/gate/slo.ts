import { type Duration, Token } from 'aws-cdk-lib';
import type { BudgetSource, MetricRef } from '../../lib/budget/config';
import { fitText } from '../../lib/core/fit';
import { known, REGION, show } from '../core/validation';
import { MAX_CHECK_NAME } from './common';

/** A metric of CloudWatch, in the account of each production environment. */
export interface SloMetric {
  /** Namespace, such as `AWS/ApplicationELB`. */
  readonly namespace: string;

  /** Name, such as `RequestCount`. */
  readonly metricName: string;

  /**
   * Dimensions, by name.
   *
   * @default - none
   */
  readonly dimensions?: { [name: string]: string };

  /**
   * Statistic to read.
   *
   * @default - `Sum` for counts of requests, `Average` for an uptime
   */
  readonly statistic?: string;
}

/** Requests, as the team counts them. */
export interface RequestCounts {
  /** Good requests. A period that has total requests and no good ones is all bad. */
  readonly good: SloMetric;

  /** All requests. */
  readonly total: SloMetric;

  /**
   * Regions in which they are counted.
   *
   * @default - all production regions
   */
  readonly regions?: string[];
}

/** A signal that reports once a minute whether the service is up. */
export interface UptimeSignal extends SloMetric {
  /**
   * Whether its points are percentages (0–100), as those of a synthetic canary, rather than 0 or 1, as those of a Route 53
   * health check.
   *
   * @default false
   */
  readonly percentage?: boolean;

  /**
   * Regions of the signal. The metrics of Route 53 health checks are in `us-east-1` only. The gate reads a region
   * outside of production with the role of the first production environment.
   *
   * @default - all production regions
   */
  readonly regions?: string[];
}

/** Source of the good and the bad counts from which an objective's error budget is computed. */
export abstract class SloSource {
  /**
   * Counts by the workload's own metrics in all production regions: every request of its callers, whichever revision
   * answers. Errors and throttles are bad. The default of `Slo.availability`.
   */
  public static requests(): SloSource {
    return new Source({ kind: 'REQUESTS' });
  }

  /** Counts by the team's own metrics, such as those of a load balancer. */
  public static counts(counts: RequestCounts): SloSource {
    const property = 'SloSource.counts';
    const [good, total] = [count(counts.good, `${property}: good`), count(counts.total, `${property}: total`)];
    return new Source({ kind: 'COUNTS', good, total, ...regionsOf(counts.regions, property) });
  }

  /** Counts the minutes of an uptime: one point a minute. */
  public static uptime(signal: UptimeSignal): SloSource {
    const property = 'SloSource.uptime';
    const metric = metricRef(signal, property);
    if (metric.namespace === 'CloudWatchSynthetics' && metric.name === 'SuccessPercent' && !signal.percentage) {
      throw new Error(
        `${property}: percentage is false, but SuccessPercent of CloudWatchSynthetics is one: set it to true`,
      );
    }
    const scale = signal.percentage ? 100 : 1;
    return new Source({ kind: 'UPTIME', metric, scale, ...regionsOf(signal.regions, property) });
  }

  /** @internal */
  public abstract readonly _source: BudgetSource;
}

class Source extends SloSource {
  public constructor(public readonly _source: BudgetSource) {
    super();
  }
}

/** Maximum threshold in milliseconds: the 15 minutes that a Lambda function may run. */
const MAX_LATENCY_MS = 900_000;

/** A service level objective. No release enters production while its error budget is spent. */
export abstract class Slo {
  /**
   * Requires that a percentage of the service's requests succeeds.
   *
   * @param objective in percent, above 0 and below 100, such as 99.99
   * @param source of the counts; by default `SloSource.requests()`
   * @throws if `objective` is out of its range
   */
  public static availability(objective: number, source: SloSource = SloSource.requests()): Slo {
    checkObjective(objective, 'Slo.availability');
    return new Objective(`availability ${objective}`, objective, source._source);
  }

  /**
   * Requires that a percentage of the workload's invocations takes no longer than a threshold.
   *
   * @param objective in percent, above 0 and below 100, such as 99
   * @param threshold whole milliseconds, from 1 ms to 15 minutes
   * @throws if `objective` or `threshold` is out of its range, or a token
   */
  public static latency(objective: number, threshold: Duration): Slo {
    checkObjective(objective, 'Slo.latency');
    if (threshold.isUnresolved()) {
      throw new Error(
        'Slo.latency: threshold is a token, whose value is known only at deploy time: write the value itself',
      );
    }
    const thresholdMs = threshold.toMilliseconds();
    if (thresholdMs < 1 || thresholdMs > MAX_LATENCY_MS) {
      throw new Error(
        `Slo.latency: threshold is ${thresholdMs} ms, but must be 1–${MAX_LATENCY_MS}: no invocation takes longer than 15 minutes`,
      );
    }
    return new Objective(`latency ${objective} in ${thresholdMs} ms`, objective, { kind: 'LATENCY', thresholdMs });
  }

  /**
   * Uses an SLO of CloudWatch Application Signals, which computes the budget itself, over its own interval. Only the
   * policy `untilRecovered()` fits, with its `warnBelow`.
   *
   * @param objective the goal of that SLO, in percent; for names and messages
   * @param sloName name of the SLO, the same in each region
   * @param regions of the SLO; by default all production regions
   * @throws if `objective` is out of its range, or `sloName` or a region cannot be a name
   */
  public static applicationSignals(objective: number, sloName: string, regions?: string[]): Slo {
    checkObjective(objective, 'Slo.applicationSignals');
    if (!/^[0-9A-Za-z][-._0-9A-Za-z ]{0,126}[0-9A-Za-z]$/.test(known(sloName, 'Slo.applicationSignals: sloName'))) {
      throw new Error(
        `Slo.applicationSignals: sloName is ${show(sloName)}, but must be the name of an SLO: 2–128 letters, digits, spaces, "-", "." and "_"`,
      );
    }
    const source = {
      kind: 'APPLICATION_SIGNALS' as const,
      sloId: sloName,
      ...regionsOf(regions, 'Slo.applicationSignals'),
    };
    return new Objective(fitText(sloName, MAX_CHECK_NAME, { head: 'signals ', mark: '' }), objective, source);
  }

  /** Objective, in percent. */
  public abstract readonly objective: number;

  /** @internal */
  public abstract readonly _name: string;

  /** @internal */
  public abstract readonly _source: BudgetSource;
}

class Objective extends Slo {
  public constructor(
    public readonly _name: string,
    public readonly objective: number,
    public readonly _source: BudgetSource,
  ) {
    super();
  }
}

function checkObjective(objective: number, property: string): void {
  known(objective, `${property}: objective`);
  if (!(objective > 0 && objective < 100)) {
    throw new Error(
      `${property}: objective is ${show(objective)}, but must be above 0 and below 100: a percentage such as 99.9. An objective of 100 has no error budget`,
    );
  }
}

/** Statistics that count. */
const COUNTING = /^(Sum|SampleCount|TC\(.+\))$/;

function count(metric: SloMetric, property: string): MetricRef {
  const { statistic = 'Sum' } = metric ?? {};
  if (!Token.isUnresolved(statistic) && !COUNTING.test(statistic)) {
    throw new Error(
      `${property}.statistic is ${show(statistic)}, which counts nothing: use "Sum", "SampleCount" or a trimmed count such as "TC(:300)"`,
    );
  }
  return metricRef(metric, property);
}

function metricRef(metric: SloMetric, property: string): MetricRef {
  const { namespace, metricName, dimensions, statistic } = metric ?? {};
  for (const [field, value] of Object.entries({ namespace, metricName })) {
    if (typeof value !== 'string' || known(value, `${property}.${field}`).trim() === '') {
      throw new Error(
        `${property}.${field} is ${show(value)}, but must name a metric: write it as CloudWatch shows it`,
      );
    }
  }
  return {
    namespace,
    name: metricName,
    ...(dimensions && Object.keys(dimensions).length > 0 && { dimensions }),
    ...(statistic !== undefined && { stat: statistic }),
  };
}

function regionsOf(regions: readonly string[] | undefined, property: string): { readonly regions?: readonly string[] } {
  if (regions === undefined) return {};
  if (regions.length === 0) {
    throw new Error(
      `${property}: regions is empty, but at least one is needed: leave it out for all production regions`,
    );
  }
  const wrong = regions.find((region) => !REGION.test(region));
  if (wrong !== undefined) {
    throw new Error(`${property}: regions has ${show(wrong)}, but must name regions: write one such as "us-east-1"`);
  }
  return { regions: [...regions] };
}

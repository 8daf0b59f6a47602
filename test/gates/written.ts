import type { MetricName } from '../local-aws/metric-data';
import { DAY, HOUR, MINUTE, type Written } from './case';

/** A metric of a function's alias. */
export const lambdaMetric = (name: string, functionName = 'shop-handler'): MetricName => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName, Resource: `${functionName}:live` },
});

/** Counts that failed at one moment. */
export interface Failing {
  readonly at: number;
  readonly count: number;
}

export interface Traffic {
  readonly region: string;
  readonly functionName?: string;
  /** Requests of so many days, the errors among them. Those that are none are spread evenly. */
  readonly requests: number;
  readonly days: number;
  readonly errors?: readonly Failing[];
  /** In addition to the requests: they were refused. */
  readonly throttled?: readonly Failing[];
  /** When the last request came. Default: a minute ago. */
  readonly until?: number;
}

/** How many points hold the requests: few, since moto looks at each of them for each period. */
const POINTS = 24;

/** The coarsest period: points of nothing this far apart make sure that data begin before the window does. */
const PERIODS = [60, 300, 3_600];

/**
 * What Lambda writes of a function. Nothing was asked for around the begin of the window, but that is known: a share of bad
 * requests is one of the whole window only when the data reach back to its begin.
 */
export function traffic(now: number, { region, functionName, requests, days, ...rest }: Traffic): readonly Written[] {
  const { errors = [], throttled = [], until = now - MINUTE } = rest;
  const begin = now - days * DAY;
  const edge = [-1, 0, 1, 2].flatMap((steps) => PERIODS.map((seconds) => begin + steps * seconds * 1_000));
  const good = requests - errors.reduce((sum, { count }) => sum + count, 0);
  const first = begin + 3 * HOUR;
  const spread = Array.from({ length: POINTS }, (_each, index) => ({
    at: Math.floor(first + (index * (until - first)) / (POINTS - 1)),
    count: Math.floor(((index + 1) * good) / POINTS) - Math.floor((index * good) / POINTS),
  }));
  const nothing = edge.map((at) => ({ at, count: 0 }));
  return [
    ...written(region, lambdaMetric('Invocations', functionName), [...nothing, ...spread, ...errors]),
    ...written(region, lambdaMetric('Errors', functionName), errors),
    ...written(region, lambdaMetric('Throttles', functionName), throttled),
  ];
}

/** Points of one metric, in the order of their times. */
export const written = (region: string, metric: MetricName, points: readonly Failing[]): readonly Written[] =>
  [...points].sort((a, b) => a.at - b.at).map(({ at, count }) => ({ region, metric, at, value: count }));

import type { MetricName } from '../local-aws/metric-data';
import { DAY, HOUR, MINUTE, type Written } from './case';

/** A metric of a function's alias. */
export const lambdaMetric = (name: string, functionName = 'shop-handler'): MetricName => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName, Resource: `${functionName}:live` },
});

/** Number of requests that failed at one moment. */
export interface Failing {
  readonly at: number;
  readonly count: number;
}

export interface Traffic {
  readonly region: string;
  readonly functionName?: string;
  /** Number of requests in all days, errors included. Good requests are spread evenly. */
  readonly requests: number;
  readonly days: number;
  readonly errors?: readonly Failing[];
  /** Refused requests, in addition to `requests`. */
  readonly throttled?: readonly Failing[];
  /** Time of the last request. Default: a minute ago. */
  readonly until?: number;
}

/** Number of points that hold the requests: few, since moto visits each of them for each period. */
const POINTS = 24;

/** CloudWatch's periods: zero points this far around the window's begin make the data reach back to it. */
const PERIODS = [60, 300, 3_600];

/**
 * Builds Lambda's metrics of a function. Around the begin of the window they have points without requests: a share of
 * bad requests is one of the whole window only when the data reach back that far.
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

/** Builds the points of one metric, in the order of their times. */
export const written = (region: string, metric: MetricName, points: readonly Failing[]): readonly Written[] =>
  [...points].sort((a, b) => a.at - b.at).map(({ at, count }) => ({ region, metric, at, value: count }));

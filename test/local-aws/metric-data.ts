import { AwsError, type Call, type Fields, list, optional, type Place, placeKey, required, structure } from './call';
import type { VirtualClock } from './clock';

/** Name of a metric, as in calls. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: { readonly [name: string]: string };
}

/** Recorded data of one minute: a value and its count. */
interface Sample {
  readonly at: number;
  readonly value: number;
  readonly count: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const QUERIES_LIMIT = 500;
const POINTS_LIMIT = 100_800;

/** Retention: points of fewer seconds are gone after so many days (user guide, "Metrics retention"). */
const RETENTION = [
  { days: 15, below: 300 },
  { days: 63, below: 3_600 },
  { days: 455, below: Number.POSITIVE_INFINITY },
];

/** Data of CloudWatch's metrics, which GetMetricData returns within its limits and its retention. */
export class MetricData {
  /** Points of one page, whatever the caller allows. */
  mostPoints = POINTS_LIMIT;

  private readonly samples = new Map<string, Sample[]>();
  private readonly rates = new Map<string, (minute: number) => number | undefined>();

  constructor(private readonly clock: VirtualClock) {}

  /** Records a value. Calls must come in the order of their times. */
  record(place: Place, metric: MetricName, at: number, value: number, count = 1): void {
    const key = keyOf(place, metric);
    const samples = this.samples.get(key) ?? [];
    this.samples.set(key, samples);
    samples.push({ at, value, count });
  }

  /**
   * Gives a metric a value in every minute, beside the recorded ones, without storage. Replaces an earlier function.
   *
   * @param valueAt value by the start of its minute, in milliseconds; undefined for no value
   */
  rate(place: Place, metric: MetricName, valueAt: (minute: number) => number | undefined): void {
    this.rates.set(keyOf(place, metric), valueAt);
  }

  /** Handles GetMetricData. */
  get({ input, ...place }: Call): Fields {
    const queries = list(input, 'MetricDataQueries') as Fields[];
    const start = moment(input.StartTime);
    const end = moment(input.EndTime);
    if (queries.length < 1 || queries.length > QUERIES_LIMIT || !(start < end)) {
      throw invalid(`1–${QUERIES_LIMIT} queries (${queries.length}), and a start (${start}) before the end (${end})`);
    }
    const most = Number(input.MaxDatapoints ?? POINTS_LIMIT);
    if (!(most >= 1 && most <= POINTS_LIMIT)) throw invalid(`MaxDatapoints is ${most}`);
    const results = queries.map((query) => this.result(place, query, start, end));
    return paged(results, Number(optional(input, 'NextToken') ?? 0), Math.min(most, this.mostPoints));
  }

  private result(place: Place, query: Fields, start: number, end: number): Result {
    const Id = required(query, 'Id', 'ValidationError');
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) throw invalid(`${Id} is no id`);
    const stat = structure(query, 'MetricStat');
    const metric = structure(stat, 'Metric');
    const dimensions = Object.fromEntries(
      (list(metric, 'Dimensions') as Fields[]).map(({ Name, Value }) => [String(Name), String(Value)]),
    );
    const name = required(metric, 'MetricName', 'ValidationError');
    const namespace = required(metric, 'Namespace', 'ValidationError');
    const period = Number(stat.Period);
    if (!Number.isInteger(period) || period < 60 || period % 60 !== 0) throw invalid(`${period} is no period`);
    const buckets = new Map<number, Sample[]>();
    const key = keyOf(place, { namespace, name, dimensions });
    for (const sample of [...this.ofRate(key, start, end), ...(this.samples.get(key) ?? [])]) {
      if (sample.at < start || sample.at >= end || this.isGone(sample.at, period)) continue;
      const at = Math.floor(sample.at / (period * 1_000)) * period * 1_000;
      const bucket = buckets.get(at) ?? [];
      buckets.set(at, bucket);
      bucket.push(sample);
    }
    const of = statistic(String(stat.Stat));
    return { Id, points: [...buckets].sort(([a], [b]) => a - b).map(([at, samples]) => [at, of(samples)]) };
  }

  /** Computes values of the minutes that have begun. */
  private ofRate(key: string, start: number, end: number): readonly Sample[] {
    const valueAt = this.rates.get(key);
    if (!valueAt) return [];
    const samples: Sample[] = [];
    const last = Math.min(end - 1, this.clock.now());
    for (let at = Math.ceil(start / MINUTE_MS) * MINUTE_MS; at <= last; at += MINUTE_MS) {
      const value = valueAt(at);
      if (value !== undefined) samples.push({ at, value, count: 1 });
    }
    return samples;
  }

  private isGone(at: number, period: number): boolean {
    const age = this.clock.now() - at;
    return RETENTION.some(({ days, below }) => age > days * DAY_MS && period < below);
  }
}

interface Result {
  readonly Id: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Cuts the points of all results into pages, in their order. */
function paged(results: readonly Result[], first: number, most: number): Fields {
  let before = 0;
  const MetricDataResults = results.map(({ Id, points }) => {
    const here = points.slice(Math.max(0, first - before), Math.max(0, first + most - before));
    before += points.length;
    return {
      Id,
      Label: Id,
      StatusCode: before > first + most ? 'PartialData' : 'Complete',
      Timestamps: here.map(([at]) => at / 1_000),
      Values: here.map(([, value]) => value),
    };
  });
  const total = results.reduce((sum, { points }) => sum + points.length, 0);
  return { MetricDataResults, Messages: [], ...(first + most < total && { NextToken: String(first + most) }) };
}

const sum = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  samples.reduce((total, sample) => total + of(sample), 0);

const countOf = (samples: readonly Sample[]): number => sum(samples, ({ count }) => count);

function statistic(name: string): (samples: readonly Sample[]) => number {
  switch (name) {
    case 'Sum':
      return (samples) => sum(samples, ({ value, count }) => value * count);
    case 'SampleCount':
      return countOf;
    case 'Average':
      return (samples) => sum(samples, ({ value, count }) => value * count) / countOf(samples);
    case 'Minimum':
      return (samples) => Math.min(...samples.map(({ value }) => value));
    case 'Maximum':
      return (samples) => Math.max(...samples.map(({ value }) => value));
    default: {
      const [, most] = /^TC\(:(\d+(?:\.\d+)?)\)$/.exec(name) ?? [];
      if (most === undefined) throw invalid(`The value ${name} for parameter Stat is not supported`);
      return (samples) => countOf(samples.filter(({ value }) => value <= Number(most)));
    }
  }
}

const keyOf = (place: Place, { namespace, name, dimensions = {} }: MetricName): string =>
  placeKey(
    { account: place.account, region: place.region },
    namespace,
    name,
    ...Object.entries(dimensions)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );

/** Reads a time: seconds since 1970, as in JSON, or ISO 8601. */
const moment = (value: unknown): number =>
  typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

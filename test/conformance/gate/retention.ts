import { json, listOf, record, text } from '../../../lib/core/shape';

const DAY_MS = 24 * 3_600_000;

/** Days for which CloudWatch has points of so many seconds, and of multiples of them (GetMetricData, `Period`). */
const RETENTION = [
  { days: 15, seconds: 60 },
  { days: 63, seconds: 300 },
  { days: 455, seconds: 3_600 },
];

const QUERIES_LIMIT = 500;
const POINTS_LIMIT = 100_800;

/** Returns the seconds of the finest point that CloudWatch has for a moment; undefined for an older one. */
export const finestPeriod = (at: number, now: number): number | undefined =>
  RETENTION.find(({ days }) => now - at <= days * DAY_MS)?.seconds;

/** Data that a call of GetMetricData requests. */
export interface MetricRequest {
  readonly start: number;
  /** Seconds of a period, by the id of the query. */
  readonly periods: ReadonlyMap<string, number>;
  /** Parts that CloudWatch would refuse, or answer incompletely; moto accepts them. */
  readonly violations: readonly string[];
}

/** Reads a call, and checks it against the rules of CloudWatch. */
export function readMetricRequest(body: string, now: number): MetricRequest {
  const input = record(json(body, 'GetMetricData'), 'GetMetricData');
  const [start, end] = [Number(input.StartTime) * 1_000, Number(input.EndTime) * 1_000];
  const queries = listOf((each, at) => {
    const query = record(each, at);
    const stat = record(query.MetricStat, `${at}.MetricStat`);
    return { id: text(query.Id, `${at}.Id`), period: Number(stat.Period), stat: text(stat.Stat, `${at}.Stat`) };
  })(input.MetricDataQueries, 'MetricDataQueries');
  const points = queries.reduce((sum, { period }) => sum + Math.ceil((end - start) / 1_000 / period), 0);
  const finest = finestPeriod(start + Math.max(...queries.map(({ period }) => period)) * 1_000, now);
  const rules: readonly (readonly [boolean, string])[] = [
    [start < end, `the start ${start} is not before the end ${end}`],
    [queries.length <= QUERIES_LIMIT, `${queries.length} queries are more than ${QUERIES_LIMIT}`],
    [Number(input.MaxDatapoints) <= POINTS_LIMIT, `MaxDatapoints ${input.MaxDatapoints} is more than ${POINTS_LIMIT}`],
    [points <= POINTS_LIMIT, `${points} points do not come in one answer: more than ${POINTS_LIMIT}`],
    ...queries.map(({ id, period }): readonly [boolean, string] => [
      finest !== undefined && period % finest === 0 && (start / 1_000) % period === 0,
      `${id} requests ${period} s since ${new Date(start).toISOString()}, where CloudWatch has ${finest ?? 'nothing'}`,
    ]),
  ];
  return {
    start,
    periods: new Map(queries.map(({ id, period }) => [id, period])),
    violations: rules.flatMap(([holds, what]) => (holds ? [] : [what])),
  };
}

/** Removes the points that CloudWatch would no longer have in the requested period: moto keeps all. */
export function withRetention(body: string, { periods }: MetricRequest, now: number): string {
  const answer = record(json(body, 'answer'), 'answer');
  const MetricDataResults = listOf((each, at) => {
    const result = record(each, at);
    const period = periods.get(text(result.Id, `${at}.Id`)) ?? 0;
    const times = listOf(Number)(result.Timestamps, `${at}.Timestamps`);
    const isKept = (_each: unknown, index: number): boolean => {
      const finest = finestPeriod(times[index] * 1_000 + period * 1_000, now);
      return finest !== undefined && period >= finest;
    };
    const Values = listOf((value) => value)(result.Values, `${at}.Values`);
    return { ...result, Timestamps: times.filter(isKept), Values: Values.filter(isKept) };
  })(answer.MetricDataResults, 'MetricDataResults');
  return JSON.stringify({ ...answer, MetricDataResults });
}

import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { type Environment, perEnvironment } from '../aws/environment-clients';
import type { Counted, Point } from './measure';
import { POINTS_PER_CALL, type Sampling } from './periods';

/** Maximum metrics in one call; a microservice has fewer. */
const MAX_QUERIES = 500;

/** Maximum pages of one answer; more mean that something is wrong. */
const MAX_PAGES = 50;

const cloudWatch = perEnvironment((config) => new CloudWatchClient(config));

/** Reads metrics of one region, in their order: all in one call as long as their points fit into it. */
export async function readMetrics(
  environment: Environment,
  counted: readonly Counted[],
  { from, seconds }: Sampling,
  now: number,
): Promise<readonly (readonly Point[])[]> {
  if (counted.length > MAX_QUERIES) throw new Error(`${counted.length} metrics are more than ${MAX_QUERIES}`);
  const points = new Map<string, Point[]>(counted.map((_each, index) => [idOf(index), []]));
  const open = new Set(points.keys());
  let NextToken: string | undefined;
  for (let page = 1; ; page++) {
    const answer = await cloudWatch(environment).send(
      new GetMetricDataCommand({
        MetricDataQueries: counted.map((each, index) => query(each, idOf(index), seconds)),
        StartTime: new Date(from),
        // The end is exclusive, and the minute under way is included.
        EndTime: new Date(Math.ceil(now / 60_000) * 60_000),
        ScanBy: 'TimestampAscending',
        MaxDatapoints: POINTS_PER_CALL,
        NextToken,
      }),
    );
    const results = answer.MetricDataResults;
    if (!results) throw new Error(`CloudWatch in ${environment.region} gave an empty answer`);
    for (const result of results) {
      add(points, result, environment);
      if (result.StatusCode === 'Complete') open.delete(result.Id ?? '');
    }
    NextToken = answer.NextToken || undefined;
    if (!NextToken && open.size > 0) {
      throw new Error(
        `CloudWatch in ${environment.region} gave an incomplete answer about ${open.size} of ${counted.length} metrics`,
      );
    }
    if (!NextToken) return [...points.values()];
    if (page === MAX_PAGES) throw new Error(`CloudWatch in ${environment.region} has more than ${MAX_PAGES} pages`);
  }
}

const idOf = (index: number): string => `m${index}`;

function query({ metric }: Counted, Id: string, Period: number): MetricDataQuery {
  const { namespace: Namespace, name: MetricName, dimensions = {}, stat: Stat } = metric;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat }, ReturnData: true };
}

function add(points: Map<string, Point[]>, result: MetricDataResult, { region }: Environment): void {
  const { Id = '', StatusCode, Timestamps = [], Values = [], Messages = [] } = result;
  const found = points.get(Id);
  if (!found) throw new Error(`CloudWatch in ${region} returned ${Id}, which the call did not contain`);
  // PartialData: the next page has the rest.
  if (StatusCode === 'InternalError' || StatusCode === 'Forbidden' || Timestamps.length !== Values.length) {
    const why = Messages.map(({ Code, Value }) => `${Code}: ${Value}`).join('; ');
    throw new Error(
      `CloudWatch in ${region} gave an incomplete answer (${StatusCode ?? 'no status'})${why && `: ${why}`}`,
    );
  }
  Timestamps.forEach((at, index) => {
    found.push([at.getTime(), Values[index]]);
  });
}

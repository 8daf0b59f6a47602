import { type MetricResult, readMetricPage } from '../aws/cloudwatch';
import type { Environment } from '../aws/environment-clients';
import type { Counted, Point } from './measure';
import { POINTS_PER_CALL, type Sampling } from './periods';

/** Maximum metrics in one call; a microservice has fewer. */
const MAX_QUERIES = 500;

/** Maximum pages of one answer; more mean that something is wrong. */
const MAX_PAGES = 50;

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
  const request = {
    queries: counted.map(({ metric }, index) => ({ id: idOf(index), metric, seconds })),
    from: new Date(from),
    // The end is exclusive, and the minute under way is included.
    to: new Date(Math.ceil(now / 60_000) * 60_000),
    maxPoints: POINTS_PER_CALL,
  };
  let token: string | undefined;
  for (let page = 1; ; page++) {
    const { results, nextToken } = await readMetricPage(environment, request, token);
    if (!results) throw new Error(`CloudWatch in ${environment.region} gave an empty answer`);
    for (const result of results) {
      add(points, result, environment);
      if (result.status === 'Complete') open.delete(result.id ?? '');
    }
    token = nextToken;
    if (!token && open.size > 0) {
      throw new Error(
        `CloudWatch in ${environment.region} gave an incomplete answer about ${open.size} of ${counted.length} metrics`,
      );
    }
    if (!token) return [...points.values()];
    if (page === MAX_PAGES) throw new Error(`CloudWatch in ${environment.region} has more than ${MAX_PAGES} pages`);
  }
}

const idOf = (index: number): string => `m${index}`;

function add(points: Map<string, Point[]>, result: MetricResult, { region }: Environment): void {
  const { id = '', status, timestamps, values, messages } = result;
  const found = points.get(id);
  if (!found) throw new Error(`CloudWatch in ${region} returned ${id}, which the call did not contain`);
  // PartialData: the next page has the rest.
  if (status === 'InternalError' || status === 'Forbidden' || timestamps.length !== values.length) {
    const why = messages.map(({ code, text }) => `${code}: ${text}`).join('; ');
    throw new Error(`CloudWatch in ${region} gave an incomplete answer (${status ?? 'no status'})${why && `: ${why}`}`);
  }
  timestamps.forEach((at, index) => {
    found.push([at.getTime(), values[index]]);
  });
}

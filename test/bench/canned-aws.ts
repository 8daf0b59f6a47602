import { createServer, type Server } from 'node:http';
import { marshall } from '@aws-sdk/util-dynamodb';
import { json, listOf, record, text } from '../../lib/core/shape';
import { ledgerItem } from '../helpers/ledger-table';
import { listenOnLoopback } from '../helpers/loopback';

/** The gate reads only the shape of these. */
const CREDENTIALS =
  '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>' +
  '<SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

/** In every fiftieth period one request in 300 fails, which is well within any budget. */
const REQUESTS = 300;
const FAILING_EVERY = 50;

/**
 * An AWS that gives every caller the same answers, made beforehand, so that a measurement is the gate's own time. Each
 * period of each metric has a point.
 */
export class CannedAws {
  /** Calls of CloudWatch, by region. */
  readonly metricCalls = new Map<string, number>();

  private readonly server: Server;
  private readonly answers = new Map<string, string>();

  /** @param stable the ledger's item */
  constructor(stable: object) {
    const item = JSON.stringify({ Item: marshall(ledgerItem('stable', stable)), ConsumedCapacity: {} });
    this.server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      const target = String(request.headers['x-amz-target'] ?? '');
      const operation = target.slice(target.lastIndexOf('.') + 1);
      const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
      response.setHeader('content-type', target === '' ? 'text/xml' : 'application/x-amz-json-1.0');
      if (target === '') response.end(CREDENTIALS);
      else if (operation === 'GetItem') response.end(body.includes('"stable"') ? item : '{"ConsumedCapacity":{}}');
      else if (operation === 'GetMetricData') {
        this.metricCalls.set(region, (this.metricCalls.get(region) ?? 0) + 1);
        response.end(this.metricData(body));
      } else response.end('{}');
    });
  }

  /** Listens, and returns the address for `AWS_ENDPOINT_URL`. */
  listen(): Promise<string> {
    return listenOnLoopback(this.server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private metricData(body: string): string {
    const input = record(json(body, 'GetMetricData'), 'GetMetricData');
    const queries = listOf((each, at) => {
      const query = record(each, at);
      const stat = record(query.MetricStat, `${at}.MetricStat`);
      const name = text(record(stat.Metric, `${at}.Metric`).MetricName, `${at}.MetricName`);
      return { Id: text(query.Id, `${at}.Id`), period: Number(stat.Period), name };
    })(input.MetricDataQueries, 'MetricDataQueries');
    const period = Math.max(...queries.map((each) => each.period));
    const points = Math.floor((Number(input.EndTime) - Number(input.StartTime)) / period);
    const key = `${queries.length} ${period} ${points} ${input.StartTime}`;
    const cached = this.answers.get(key);
    if (cached !== undefined) return cached;
    const Timestamps = Array.from({ length: points }, (_each, index) => Number(input.StartTime) + index * period);
    const MetricDataResults = queries.map(({ Id, name }) => ({
      Id,
      StatusCode: 'Complete',
      Timestamps,
      Values: Timestamps.map((_each, index) => valueAt(name, index)),
    }));
    const answer = JSON.stringify({ MetricDataResults, Messages: [] });
    this.answers.set(key, answer);
    return answer;
  }
}

function valueAt(name: string, index: number): number {
  if (name === 'Invocations') return REQUESTS;
  return name === 'Errors' && index % FAILING_EVERY === 0 ? 1 : 0;
}

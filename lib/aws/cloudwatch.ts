import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { type Environment, perEnvironment } from './environment-clients';
import type { AlarmFacts } from './facts';

/** Maximum names in one call of DescribeAlarms. */
const BATCH = 100;

const cloudWatch = perEnvironment((config) => new CloudWatchClient(config));

/** Reads alarms by name. Those that do not exist are missing in the answer. */
export async function readAlarms(environment: Environment, names: readonly string[]): Promise<readonly AlarmFacts[]> {
  const found: AlarmFacts[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const { MetricAlarms, CompositeAlarms } = await cloudWatch(environment).send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(start, start + BATCH),
        // Without this CloudWatch leaves composite alarms out.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: BATCH,
      }),
    );
    // No alarm found is an empty list. A gate that took a lost answer for it would miss alarms in ALARM.
    if (!MetricAlarms && !CompositeAlarms) throw new Error('CloudWatch gave an empty answer about alarms');
    for (const alarm of [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])]) {
      if (!alarm.AlarmName || !alarm.StateValue) continue;
      found.push({
        name: alarm.AlarmName,
        state: alarm.StateValue,
        stateReason: alarm.StateReason ?? '',
        stateUpdatedAt: alarm.StateUpdatedTimestamp?.toISOString(),
        configuredAt: alarm.AlarmConfigurationUpdatedTimestamp?.toISOString(),
      });
    }
  }
  return found;
}

/** Metric of a call of GetMetricData. */
export interface MetricQuery {
  /** Name of the metric in the answer. */
  readonly id: string;
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions?: { readonly [name: string]: string };
    readonly stat: string;
  };
  /** Length of a period. */
  readonly seconds: number;
}

/** Call of GetMetricData. */
export interface MetricRequest {
  readonly queries: readonly MetricQuery[];
  readonly from: Date;
  /** End, exclusive. */
  readonly to: Date;
  /** Maximum points of one page. */
  readonly maxPoints: number;
}

/** Points of one metric in one page, in the order of their time. */
export interface MetricResult {
  readonly id?: string;
  /** `Complete`, `PartialData` (the next page has the rest), `InternalError`, `Forbidden`. */
  readonly status?: string;
  readonly timestamps: readonly Date[];
  readonly values: readonly number[];
  readonly messages: readonly { readonly code?: string; readonly text?: string }[];
}

/** One page of an answer. No results are undefined: the answer was empty. */
export interface MetricPage {
  readonly results?: readonly MetricResult[];
  readonly nextToken?: string;
}

/** Reads one page of metrics; without a token, the first one. */
export async function readMetricPage(
  environment: Environment,
  { queries, from, to, maxPoints }: MetricRequest,
  nextToken: string | undefined,
): Promise<MetricPage> {
  const answer = await cloudWatch(environment).send(
    new GetMetricDataCommand({
      MetricDataQueries: queries.map(metricDataQuery),
      StartTime: from,
      EndTime: to,
      ScanBy: 'TimestampAscending',
      MaxDatapoints: maxPoints,
      NextToken: nextToken,
    }),
  );
  const results = answer.MetricDataResults?.map(({ Id, StatusCode, Timestamps, Values, Messages }) => ({
    id: Id,
    status: StatusCode,
    timestamps: Timestamps ?? [],
    values: Values ?? [],
    messages: (Messages ?? []).map(({ Code, Value }) => ({ code: Code, text: Value })),
  }));
  return { results, nextToken: answer.NextToken || undefined };
}

function metricDataQuery({ id: Id, metric, seconds: Period }: MetricQuery): MetricDataQuery {
  const { namespace: Namespace, name: MetricName, dimensions = {}, stat: Stat } = metric;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat }, ReturnData: true };
}

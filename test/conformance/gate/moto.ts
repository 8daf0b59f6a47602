import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { gateRoleArn, stableOf } from '../../gates/ask';
import type { Given, Written } from '../../gates/case';
import { createLedgerTable, ledgerItem } from '../../helpers/ledger-table';

/** Region of the pipeline. */
const REGION = 'us-west-2';

/** Maximum metrics in one call of PutMetricData. */
const DATA_LIMIT = 1_000;

/** The pipeline's account as the function of the gate sees it. */
export const PIPELINE_ENVIRONMENT = {
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'pipeline',
  AWS_SECRET_ACCESS_KEY: 'pipeline',
};

const config = (endpoint: string, region = REGION) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'pipeline', secretAccessKey: 'pipeline' },
});

/** Environment variables of the gate's function. */
export interface Prepared {
  readonly LEDGER_TABLE: string;
  readonly TOPIC_ARN: string;
}

/**
 * Creates the given facts in moto: a ledger, a topic, and metrics. The SDK's client writes metrics with the credentials
 * of a role in their account.
 *
 * @param account of production: one for each case, so that cases do not meet
 */
export async function prepare(endpoint: string, account: string, given: Given, now: number): Promise<Prepared> {
  const table = `ledger-${account}`;
  const dynamodb = new DynamoDBClient(config(endpoint));
  await createLedgerTable(dynamodb, table);
  const stable = stableOf(given, now);
  if (stable) {
    await dynamodb.send(new PutItemCommand({ TableName: table, Item: marshall(ledgerItem('stable', stable)) }));
  }
  const topic = await new SNSClient(config(endpoint)).send(new CreateTopicCommand({ Name: `team-${account}` }));
  for (const region of new Set(given.written.map((each) => each.region))) {
    const RoleArn = gateRoleArn(account, region);
    const { Credentials } = await new STSClient(config(endpoint, region)).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'conformance' }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    };
    const cloudWatch = new CloudWatchClient({
      ...config(endpoint, region),
      credentials,
      // moto does not read compressed requests.
      disableRequestCompression: true,
    });
    await write(
      cloudWatch,
      given.written.filter((each) => each.region === region),
    );
  }
  return { LEDGER_TABLE: table, TOPIC_ARN: topic.TopicArn ?? '' };
}

async function write(cloudWatch: CloudWatchClient, written: readonly Written[]): Promise<void> {
  for (const namespace of new Set(written.map(({ metric }) => metric.namespace))) {
    const data = written.filter(({ metric }) => metric.namespace === namespace).map(datum);
    for (let start = 0; start < data.length; start += DATA_LIMIT) {
      const MetricData = data.slice(start, start + DATA_LIMIT);
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    }
  }
}

function datum({ metric: { name, dimensions = {} }, at, value }: Written): MetricDatum {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { MetricName: name, Dimensions, Timestamp: new Date(at), Value: value };
}

/** Reads the ledger's record of a block. */
export async function blockedIn(endpoint: string, { LEDGER_TABLE }: Prepared): Promise<unknown> {
  const Key = marshall({ pk: 'blocked#Canary' });
  const { Item } = await new DynamoDBClient(config(endpoint)).send(
    new GetItemCommand({ TableName: LEDGER_TABLE, Key }),
  );
  return Item && unmarshall(Item);
}

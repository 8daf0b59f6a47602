import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type LambdaHandler, loadBundle } from '../helpers/bundles';
import { createLedgerTable, ledgerItem } from '../helpers/ledger-table';
import type { Call, Fault } from '../local-aws/call';
import type { JobResult } from '../local-aws/codepipeline';
import { NOBODY } from '../local-aws/in-process';
import { World } from '../local-aws/world';
import { gateConfig, gateRoleArn, type LoggedCheck, loggedCheck, stableOf, USER_PARAMETERS } from './ask';
import { type GateCase, type Given, isIn, PRODUCTION_ACCOUNT, REGIONS, type Trouble } from './case';

export const PLACE = { account: '111111111111', region: 'us-west-2' };
const TABLE = 'gate-ledger';
const TOPIC = 'arn:aws:sns:us-west-2:111111111111:team';

/** Idle turns of the event loop, after which everything waits for time to pass. */
const QUIET_TURNS = 10;

/** Answer of a gate. */
export interface LocalAnswer extends LoggedCheck {
  readonly job: JobResult | undefined;
  /** Virtual seconds. */
  readonly seconds: number;
  readonly calls: readonly Call[];
  /** Ledger's record of the block. */
  readonly blocked: unknown;
  readonly published: readonly string[];
}

/** Runs the gate's bundle in a local AWS, in virtual time. */
export async function askLocally(
  given: GateCase['given'],
  arrange: (world: World) => void = () => undefined,
): Promise<{ readonly facts: Given; readonly answer: LocalAnswer }> {
  const world = await World.start({}, { loopback: false });
  const client = new DynamoDBClient(world.client(PLACE));
  try {
    const now = world.clock.now();
    const facts = given(now);
    await prepare(world, client, facts, now);
    arrange(world);
    const { handler, logs } = loadBundle(world, 'gate', {
      place: PLACE,
      timeoutSeconds: 120,
      environment: {
        GATE: JSON.stringify(gateConfig(facts, PRODUCTION_ACCOUNT)),
        LEDGER_TABLE: TABLE,
        PIPELINE_NAME: 'shop-pipeline',
        TOPIC_ARN: TOPIC,
        ...refusing(facts.trouble),
      },
    });
    const { id, event } = world.codepipeline.job(PLACE, 'gate', USER_PARAMETERS);
    const from = world.calls.length;
    world.faults = faultsOf(facts.trouble);
    let seconds = 0;
    const isAnswered = () => world.codepipeline.result(PLACE, id)?.state !== 'waiting';
    await inVirtualTime(world, handler, event, () => {
      if (!isAnswered()) seconds = (world.clock.now() - now) / 1_000;
    });
    const calls = world.calls.slice(from);
    world.faults = () => undefined;
    const answer = {
      ...loggedCheck(logs),
      job: world.codepipeline.result(PLACE, id),
      seconds,
      calls,
      blocked: await read(client, 'blocked#Canary'),
      published: world.sns.published.map(({ subject }) => subject),
    };
    return { facts, answer };
  } finally {
    client.destroy();
    await world.close();
  }
}

async function prepare(world: World, client: DynamoDBClient, facts: Given, now: number): Promise<void> {
  await createLedgerTable(client, TABLE);
  world.sns.createTopic(TOPIC);
  for (const region of facts.production ?? REGIONS) {
    world.sts.addRole(gateRoleArn(PRODUCTION_ACCOUNT, region), [PLACE.account]);
  }
  const stable = stableOf(facts, now);
  if (stable) {
    await client.send(new PutItemCommand({ TableName: TABLE, Item: marshall(ledgerItem('stable', stable)) }));
  }
  for (const { region, metric, at, value } of facts.written) {
    world.cloudwatch.metrics.record({ account: PRODUCTION_ACCOUNT, region }, metric, at, value);
  }
}

async function read(client: DynamoDBClient, pk: string): Promise<unknown> {
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: marshall({ pk }) }));
  return Item && unmarshall(Item);
}

/** Points CloudWatch's address at one where nobody listens. */
const refusing = (trouble: Trouble | undefined): { readonly [name: string]: string } =>
  trouble?.fault.kind === 'refused' ? { AWS_ENDPOINT_URL_CLOUDWATCH: `https://${NOBODY}` } : {};

function faultsOf(trouble: Trouble | undefined): (call: Call) => Fault | undefined {
  let times = 0;
  return (call) => {
    if (!trouble || trouble.fault.kind === 'refused' || !isIn(trouble, call)) return undefined;
    times += 1;
    return times > (trouble.times ?? Number.POSITIVE_INFINITY) ? undefined : trouble.fault;
  };
}

/** Calls a handler; whenever nothing more happens by itself, time passes to what is due next. */
async function inVirtualTime(
  world: World,
  handler: LambdaHandler,
  event: unknown,
  onPassing: () => void,
): Promise<void> {
  let isOver = false;
  const work = handler(event).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (let quiet = 0; quiet < QUIET_TURNS && !isOver; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (world.serving > 0) quiet = -1;
    }
    if (isOver || world.clock.next === undefined) continue;
    await world.clock.advanceTo(world.clock.next);
    onPassing();
  }
  await work;
}

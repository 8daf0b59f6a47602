import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ENVIRONMENTS_AT_ONCE, TARGETS_AT_ONCE } from '../../lib/core/bounded';
import { Ledger } from '../../lib/ledger/ledger';
import type { EnvironmentRollout, Rollout, RolloutPlan } from '../../lib/plan/rollout-plan';
import { ALL_AT_ONCE } from '../../lib/workload/lambda/names';
import { published, version as revision } from '../helpers/revisions';
import { sample, slow } from '../helpers/sample';
import type { Call } from '../local-aws/call';
import { serveInRounds } from '../local-aws/rounds';
import { LocalPipeline, TABLE } from './local-pipeline';
import { PIPELINE, planByHand } from './plan';

jest.setTimeout(300_000);

const REGIONS = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1', 'eu-west-1', 'eu-west-2'],
  ...['eu-west-3', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'af-south-1', 'me-south-1'],
];

const WAVES = ['one wave', 'twenty waves'] as const;
type Waves = (typeof WAVES)[number];

interface TwentyOptions {
  readonly waves: Waves;
  /** Keys of the functions. Default: one. */
  readonly keys?: readonly string[];
  /** True if the waves move in steps rather than all at once. */
  readonly steps?: boolean;
}

function planOfTwenty({ waves, keys = ['http'], steps = false }: TwentyOptions): RolloutPlan {
  const plan = planByHand({ canary: 1, step: 10, bakes: REGIONS.map(() => 1), regions: REGIONS, keys });
  const { staging, canary, ...each } = plan.rollouts;
  const shift = (rollout: EnvironmentRollout) => (steps ? rollout : { ...rollout, deploymentConfig: ALL_AT_ONCE });
  const shifted = Object.entries(each).map(([name, rollout]): [string, Rollout] => {
    const environments = Object.entries(rollout.environments).map(([region, of]) => [region, shift(of)] as const);
    return [name, { ...rollout, environments: Object.fromEntries(environments) }];
  });
  const [, first] = shifted[0];
  const all = { ...first, environments: Object.assign({}, ...shifted.map(([, { environments }]) => environments)) };
  return {
    ...plan,
    rollouts: { staging, canary, ...(waves === 'one wave' ? { Wave1: all } : Object.fromEntries(shifted)) },
  };
}

let pipeline: LocalPipeline;
afterEach(() => pipeline.close());

async function start(options: TwentyOptions): Promise<void> {
  pipeline = await LocalPipeline.start({ plan: planOfTwenty(options) });
}

/** Runs a release from one action to another. */
async function run(from: string, to: string): Promise<void> {
  const results = await pipeline.release('e-1', { from, to });
  expect(results.filter(({ failed }) => failed)).toEqual([]);
}

const fleet = (): ReadonlySet<string> =>
  new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));

/** Makes a release that has shifted everywhere, in the ledger and in the fleet; the way there does not matter here. */
async function shiftByHand(): Promise<void> {
  await run('acquire', 'acquire');
  const ledger = new Ledger(new DynamoDBClient(pipeline.world.client(PIPELINE)), TABLE);
  const { token } = (await ledger.holder()) ?? {};
  for (const region of REGIONS) {
    const keys = Object.keys(pipeline.fleet.plan.environments[region].targets);
    const candidates = keys.map((key) => {
      const version = pipeline.fleet.publish(region, key, 'code of e-1');
      const found = pipeline.fleet.function(region, key);
      found.setAlias('live', version);
      return [key, published(found.name, version)] as const;
    });
    await ledger.recordCandidates('e-1', region, Object.fromEntries(candidates));
    await ledger.recordStables('e-1', region, Object.fromEntries(keys.map((key) => [key, revision('1')])));
  }
  const passed = { state: 'PASSED', reason: 'shifted', at: pipeline.clock.iso(), attempt: 1, shifted: true } as const;
  await ledger.recordRollout('e-1', 'Wave1', passed, token);
}

const acts = ({ operation }: Call): boolean => /^(CreateDeployment|StopDeployment|UpdateAlias)$/.test(operation);

/** Operation and number of the calls of each round. */
const shape = (rounds: readonly (readonly Call[])[]) =>
  rounds.map((calls) => `${calls[0].operation} × ${calls.length}`);

/** Rolls back. Returns the rounds of calls of each invocation that did more than read. */
async function rollback(order: Parameters<LocalPipeline['rollback']>[0]) {
  const rounds = serveInRounds(pipeline.world);
  const began: number[] = [];
  pipeline.onState = (state, moment) => {
    if (state === 'Rollback' && moment === 'before') began.push(rounds.length);
    return undefined;
  };
  expect(await pipeline.rollback(order)).toMatchObject({ error: 'RolledBack' });
  expect(fleet()).toEqual(new Set(['{"1":1}']));
  const invocations = began.map((from, at) => rounds.slice(from, began[at + 1]));
  return { rounds, acting: invocations.filter((invocation) => invocation.flat().some(acts)) };
}

const regionsOf = (calls: readonly Call[]) => calls.map(({ region }) => region).toSorted();

const BY_PERSON = { rollback: true, executionId: 'e-1', by: 'Ada', because: 'orders are lost' };
const BY_NET = { rollback: true, executionId: 'e-1', state: 'STOPPED', because: 'stopped' };

describe.each(sample(WAVES, 1))('twenty regions that %s has shifted', (waves) => {
  const ORDERS = [
    ['a person', BY_PERSON],
    ['the safety net', BY_NET],
  ] as const;
  test.each(sample(ORDERS, 1))('return in one round on the order of %s', async (_who, order) => {
    await start({ waves });
    await run('publish staging', pipeline.actions.at(-2) ?? '');
    expect(fleet()).toEqual(new Set(['{"2":1}']));
    const { acting } = await rollback(order);
    expect(acting).toHaveLength(1);
    const moves = acting[0].filter((round) => round.some(acts));
    expect(moves.map(regionsOf)).toEqual([[...REGIONS].sort()]);
    // The rounds come in this order: reads first, then the deployments. No region waits for another.
    expect(shape(acting[0])).toEqual([
      'GetItem × 1',
      'GetItem × 1',
      'AssumeRole × 20',
      'ListDeployments × 20',
      'BatchGetDeployments × 20',
      'GetAlias × 20',
      'GetFunctionConfiguration × 20',
      'CreateDeployment × 20',
    ]);
  });
});

slow('a wave of twenty regions under way is stopped in one round', async () => {
  await start({ waves: 'one wave', steps: true });
  await run('publish staging', 'canary');
  let rolledBack: ReturnType<typeof rollback> | undefined;
  pipeline.onState = (state, moment) => {
    if (state === 'Watch' && moment === 'after') {
      pipeline.onState = undefined;
      pipeline.clock.inMinutes(15, () => {
        expect(fleet()).toEqual(new Set(['{"1":0.5,"2":0.5}']));
        rolledBack = rollback(BY_NET);
      });
    }
    return undefined;
  };
  await pipeline.rollout('Wave1', 'e-1');
  const { rounds = [], acting = [] } = (await rolledBack) ?? {};
  expect(acting).toHaveLength(1);
  const moves = rounds.filter((round) => round.some(acts)).map((round) => round.filter(acts));
  expect(moves.map(regionsOf)).toEqual([[...REGIONS].sort()]);
  expect(new Set(moves[0].map(({ operation }) => operation))).toEqual(new Set(['StopDeployment']));
});

test('a rollback of many functions never exceeds its number of calls at once, so some wait for others of their region', async () => {
  const keys = Array.from({ length: TARGETS_AT_ONCE + 1 }, (_, at) => `function${at}`);
  await start({ waves: 'one wave', keys });
  await shiftByHand();
  const { rounds, acting } = await rollback(BY_NET);
  expect(Math.max(...rounds.map(({ length }) => length))).toBe(ENVIRONMENTS_AT_ONCE * TARGETS_AT_ONCE);
  expect(acting).toHaveLength(1);
  const moves = acting[0].filter((round) => round.some(acts)).map((round) => round.filter(acts).length);
  expect(moves).toEqual([20 * TARGETS_AT_ONCE, 20]);
});

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { continuation } from '../../../lib/ledger/job';
import { publishedJson } from '../../../lib/plan/revision';
import { deadlineInput } from '../../../lib/rollout/deadline';
import { published } from '../../helpers/revisions';
import { PIPELINE_PLACE } from '../rollout/example';
import { COMMIT, PIPELINE_NAME, RELEASE, ReleaseWorld, stored, TABLE } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
});
afterEach(() => world.close());

type Fields = { readonly [name: string]: unknown };

/** A part that is stored or embedded, in a shape of another version. */
type Part = (state: object) => Promise<object>;

/** Everything that a handler answers, throws, reports or logs. */
interface Said {
  readonly text: string;
  readonly writes: readonly string[];
}

const READS = /^(Get|List|Describe|BatchGet|AssumeRole)/;

/** The answers to a job: CodePipeline waits for one, also where nothing was touched. */
const ANSWERS = ['PutJobFailureResult', 'PutJobSuccessResult'];

async function call(
  handler: 'collect' | 'start' | 'watch' | 'settle' | 'rollback' | 'ledger' | 'reopen',
  event: object,
  environment: { readonly [name: string]: string } = {},
) {
  const before = world.world.calls.length;
  const loaded = world.load(handler, environment);
  const answer = await loaded.handler(event).catch((error: Error) => error.message);
  const calls = world.world.calls.slice(before);
  const said = [answer, loaded.logs, calls.map(({ input }) => input)];
  const writes = calls.map(({ operation }) => operation);
  return {
    text: JSON.stringify(said),
    writes: writes.filter((operation) => !READS.test(operation) && !ANSWERS.includes(operation)),
  } satisfies Said;
}

/** Changes an item of the ledger, as another version would have written it. */
async function rewrite(pk: string, change: (item: Fields) => Fields): Promise<void> {
  const { Item } = await world.client.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: pk } } }));
  await world.put(change(unmarshall(Item ?? {})));
}

const newer = (pk: string) => rewrite(pk, (item) => ({ pk, ...item, schema: 2 }));

/** The plan, with another kind of workload. */
const withKind = (state: object): object =>
  JSON.parse(JSON.stringify(state).replaceAll('"kind":"LAMBDA"', '"kind":"ECS"'));

const PLAN: Part = async (state) => ({ ...state, plan: { ...world.plan, schema: 2 } });
const KIND: Part = async (state) => withKind(state);
const ORDER: Part = async (state) => ({ ...state, schema: 2 });
const OUTCOME: Part = async (state) => ({ ...state, outcome: { schema: 2, next: 'WAIT', reason: 'waits' } });

const item =
  (pk: string): Part =>
  async (state) => {
    await newer(pk);
    return state;
  };
const RELEASE_ITEM = item(`release#${RELEASE}`);
const HOLDER = item('holder');

/** Gives the ledger's candidate a kind that this version does not have. */
const CANDIDATE: Part = async (state) => {
  await rewrite(`release#${RELEASE}`, (release) => withKind(release) as Fields);
  return state;
};

const parameter =
  (value: object): Part =>
  async (state) => {
    const { targets, ...place } = world.plan.environments['us-east-1'];
    const reported = { ...publishedJson(published('orders-production-api-8HX2PQ', '2')), ...value };
    world.world.ssm.put(place, targets.api.parameter, JSON.stringify(reported));
    return state;
  };

const SCHEMA = /schema must be 1, but is 2: /;
const UNKNOWN_KIND = /kind must be LAMBDA, but is \\*"ECS\\*": /;

const WATCHED = { next: 'WATCH', reason: 'r', startedAt: '2026-03-02T10:00:00.000Z', deployments: {} } as const;

describe.each([
  ['collect', undefined],
  ['start', undefined],
  ['watch', WATCHED],
  ['settle', WATCHED],
  ['rollback', { next: 'ROLLBACK', reason: 'errors' }],
] as const)('%s names it, and touches nothing, when it meets', (handler, outcome) => {
  test.each([
    ['a plan of another schema', PLAN, SCHEMA],
    ['a plan with another kind of workload', KIND, UNKNOWN_KIND],
    ['an answer of another schema in the machine’s state', OUTCOME, SCHEMA],
    ['a release of another schema', RELEASE_ITEM, SCHEMA],
    ['a candidate of another kind', CANDIDATE, UNKNOWN_KIND],
  ])('%s', async (_what, part, says) => {
    await world.ready();
    await world.record('staging', 'PASSED');
    await world.record('canary', 'STARTED');
    const { plan } = world;
    const state = {
      rollout: 'canary',
      executionId: RELEASE,
      commit: COMMIT,
      plan,
      outcome: outcome && stored(outcome),
    };
    const { text, writes } = await call(handler, await part(state));
    expect(text).toMatch(says);
    expect(writes).toEqual([]);
  });
});

describe.each(['collect', 'start', 'settle', 'rollback'] as const)('%s touches nothing when it meets', (handler) => {
  test('a holder of production of another schema', async () => {
    await world.ready();
    await world.record('canary', 'STARTED');
    const outcome = stored({ next: 'ROLLBACK', reason: 'errors' });
    const state = { ...world.state('canary'), ...(handler === 'rollback' && { outcome }) };
    const { text, writes } = await call(handler, await HOLDER(state));
    expect(text).toMatch(SCHEMA);
    expect(writes).toEqual([]);
  });
});

describe('collect touches nothing when it meets', () => {
  test.each([
    ['another schema', parameter({ schema: 2 }), SCHEMA],
    ['another kind', parameter({ revision: { kind: 'ECS', taskDefinition: 'orders:7' } }), UNKNOWN_KIND],
    [
      'a version that is none',
      parameter(publishedJson(published('f', '$LATEST'))),
      /must be the number of a published/,
    ],
  ])('a published revision of %s', async (_what, part, says) => {
    await world.hold();
    const state = { ...world.state('canary'), machine: 'arn:x' };
    const { text, writes } = await call('collect', await part(state));
    expect(text).toMatch(says);
    expect(writes).toEqual([]);
  });
});

describe('rollback touches nothing when it meets', () => {
  const orders = {
    'the safety net': { rollback: true, executionId: RELEASE, state: 'STOPPED', because: 'stopped' },
    'a person': { rollback: true, executionId: RELEASE, by: 'Ada', because: 'orders are lost' },
    'a deadline': deadlineInput('canary', RELEASE, Date.parse('2026-11-21T10:00:00Z')),
  };

  test.each([
    ['a deadline', 'an order of another schema', ORDER],
    ['a person', 'an order of another schema', ORDER],
    ['the safety net', 'a plan of another schema', PLAN],
    ['a person', 'a plan of another schema', PLAN],
    ['the safety net', 'an answer of another schema', OUTCOME],
    ['a person', 'an answer of another schema', OUTCOME],
    ['the safety net', 'a release of another schema', RELEASE_ITEM],
    ['the safety net', 'a holder of another schema', HOLDER],
  ] as const)('ordered by %s, %s', async (who, _what, part) => {
    await world.ready();
    await world.record('canary', 'STARTED');
    const { text, writes } = await call('rollback', await part({ ...orders[who], plan: world.plan }));
    expect(text).toMatch(SCHEMA);
    expect(writes).toEqual([]);
  });
});

describe('ledger names it, and touches nothing, when it meets', () => {
  type Operation = 'acquire' | 'complete';
  const job = (operation: Operation, executionId: string, change: object = {}, token?: string): Fields => {
    const requires = operation === 'complete' ? ['canary'] : [];
    const parameters = { schema: 1, operation, executionId, commit: COMMIT, requires, ...change };
    return world.world.codepipeline.job(PIPELINE_PLACE, 'ledger', JSON.stringify(parameters), token).event;
  };
  const token = (change: object) => JSON.stringify({ ...JSON.parse(continuation(world.world.clock.iso())), ...change });

  test.each(['acquire', 'complete'] as const)('parameters of another schema (%s)', async (operation) => {
    await world.ready();
    await world.record('canary', 'PASSED');
    const { text, writes } = await call('ledger', job(operation, RELEASE, { schema: 2 }));
    expect(text).toMatch(/UserParameters.schema must be 1, but is 2: /);
    expect(writes).toEqual([]);
  });

  test.each(['acquire', 'complete'] as const)('a token of another schema (%s)', async (operation) => {
    await world.ready();
    await world.record('canary', 'PASSED');
    const { text, writes } = await call('ledger', job(operation, RELEASE, {}, token({ schema: 2 })));
    expect(text).toMatch(/continuationToken.schema must be 1, but is 2: /);
    expect(writes).toEqual([]);
  });

  test('a schedule of another schema, before it holds production', async () => {
    const RELEASE_SCHEDULE = JSON.stringify({ schema: 2, rollouts: [], windows: [], blackouts: [] });
    const { text, writes } = await call('ledger', job('acquire', RELEASE), { RELEASE_SCHEDULE });
    expect(text).toMatch(/RELEASE_SCHEDULE.schema must be 1, but is 2: /);
    expect(writes).toEqual([]);
  });

  test.each([
    ['its own release', `release#${RELEASE}`, 'acquire', RELEASE],
    ['the holder of production', 'holder', 'acquire', 'e-2'],
    ['the release that holds production', `release#${RELEASE}`, 'acquire', 'e-2'],
    ['a person’s hold', 'hold', 'acquire', 'e-2'],
    ['the release that completes', `release#${RELEASE}`, 'complete', RELEASE],
    ['the holder of production', 'holder', 'complete', RELEASE],
    ['the last stable release', 'stable', 'complete', RELEASE],
  ] as const)('%s of another schema (%s, %s)', async (_what, pk, operation, executionId) => {
    await world.hold();
    await world.record('canary', 'PASSED');
    if (operation === 'acquire' && executionId === RELEASE)
      await rewrite('holder', (holder) => ({ ...holder, token: 2 }));
    await newer(pk);
    const { text, writes } = await call('ledger', job(operation, executionId));
    expect(text).toMatch(SCHEMA);
    expect(writes).toEqual([]);
  });

  test('a candidate of another kind', async () => {
    await world.ready();
    await world.record('canary', 'PASSED');
    await CANDIDATE({});
    const { text, writes } = await call('ledger', job('complete', RELEASE));
    expect(text).toMatch(UNKNOWN_KIND);
    expect(writes).toEqual([]);
  });
});

describe('reopen names it, and touches nothing, when it meets', () => {
  test.each([
    ['the holder of production', 'holder'],
    ['the release that holds it', `release#${RELEASE}`],
    ['a person’s hold', 'hold'],
  ])('%s of another schema', async (_what, pk) => {
    await world.hold();
    for (const stage of ['UpdatePipeline', 'Canary']) {
      const transition = world.world.codepipeline.transition(PIPELINE_PLACE, PIPELINE_NAME, stage);
      Object.assign(transition, {
        enabled: false,
        reason: `held by release ${RELEASE} (microservice-deployment-pipeline)`,
      });
    }
    await newer(pk);
    const event = { detail: { pipeline: PIPELINE_NAME, 'execution-id': RELEASE, state: 'FAILED' } };
    const { text, writes } = await call('reopen', event);
    expect(text).toMatch(SCHEMA);
    expect(writes).toEqual([]);
  });
});

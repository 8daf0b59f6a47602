import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../lib/ledger/ledger';
import { personReason } from '../../lib/ledger/transitions';
import { sample, slow } from '../helpers/sample';
import { LocalPipeline } from './local-pipeline';
import { PIPELINE, planByHand } from './plan';

const ORDER = { rollback: true, executionId: 'e-1', by: 'Ada', because: 'orders are lost' };

let pipeline: LocalPipeline;
let ledger: Ledger;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
  ledger = new Ledger(new DynamoDBClient(pipeline.world.client(PIPELINE)), 'orders-ledger');
});
afterEach(() => pipeline.close());

const fleet = () => new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));
const transitions = () => ['UpdatePipeline', 'Canary'].map((stage) => pipeline.transition(stage));
const enabled = () => transitions().map((each) => each.enabled);

async function expectHeld(): Promise<void> {
  const hold = await ledger.personHold();
  if (!hold) throw new Error('The pipeline is not held');
  expect(transitions().map(({ reason }) => reason)).toEqual([personReason(hold), personReason(hold)]);
}

/** Runs a release, and gives the order some minutes after the watch of a rollout has begun. */
async function orderDuring(rollout: string, minutes: number): Promise<void> {
  const { actions } = pipeline;
  await pipeline.release('e-1', { to: actions[actions.indexOf(rollout) - 1] });
  let ordered: Promise<unknown> | undefined;
  pipeline.onState = (state, moment) => {
    if (state === 'Watch' && moment === 'before' && !ordered) {
      ordered = Promise.resolve();
      pipeline.clock.inMinutes(minutes, () => {
        ordered = pipeline.rollback(ORDER);
      });
    }
    return undefined;
  };
  await pipeline.rollout(rollout, 'e-1');
  expect(await ordered).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
  pipeline.onState = undefined;
  await pipeline.becomes('e-1', 'Failed');
}

const MOMENTS = [
  ['canary', 8],
  ['Wave2', 3],
] as const;

test.each(sample(MOMENTS, 1))(
  'a person’s rollback in %s holds the pipeline beyond its end',
  async (rollout, minutes) => {
    await orderDuring(rollout, minutes);
    expect(fleet()).toEqual(new Set(['{"1":1}']));
    await expectHeld();
  },
);

test('the hold closes the transitions again after an update of the pipeline has enabled them', async () => {
  await orderDuring('canary', 8);
  for (const transition of transitions()) Object.assign(transition, { enabled: true, reason: undefined });
  await pipeline.becomes('e-2', 'InProgress');
  await expectHeld();
});

test('a release that gets past the transitions is blocked, and publishes nothing, until the hold ends', async () => {
  await orderDuring('canary', 8);
  Object.assign(pipeline.transition('Canary'), { enabled: true });
  expect(await pipeline.runAction('acquire', 'e-2')).toMatchObject({
    failed: true,
    message: expect.stringContaining('The pipeline is held by Ada since'),
  });
  await ledger.removeHold();
  expect((await pipeline.release('e-3')).filter(({ failed }) => failed)).toEqual([]);
  expect(enabled()).toEqual([true, true]);
});

test('a person’s hold in the console stays, before and after', async () => {
  Object.assign(pipeline.transition('Canary'), { enabled: false, reason: 'frozen until Monday' });
  await pipeline.rollback(ORDER);
  expect(pipeline.transition('Canary').reason).toBe('frozen until Monday');
  await ledger.removeHold();
  await pipeline.becomes('e-2', 'InProgress');
  expect(enabled()).toEqual([true, false]);
});

describe('a release that has completed', () => {
  test('is rolled back in every region, and the next one starts from the release before', async () => {
    await pipeline.release('e-0');
    await pipeline.release('e-1');
    expect(fleet()).toEqual(new Set(['{"3":1}']));
    await pipeline.clock.advance(60);
    const { error, cause } = await pipeline.rollback(ORDER);
    expect([error, cause]).toEqual(['RolledBack', expect.stringContaining('rolled back to commit c0ffee-e-0')]);
    expect(fleet()).toEqual(new Set(['{"2":1}']));
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-0', commit: 'c0ffee-e-0' });
    await expectHeld();

    await ledger.removeHold();
    expect((await pipeline.release('e-2')).filter(({ failed }) => failed)).toEqual([]);
    expect(fleet()).toEqual(new Set(['{"4":1}']));
    expect((await pipeline.ledger()).releases['e-2']).toMatchObject({
      stables: { 'eu-west-1': { http: { kind: 'LAMBDA', version: '2' } } },
    });
  });

  slow('is rolled back also when the next one has published already, and was rolled back', async () => {
    await pipeline.release('e-1');
    await pipeline.release('e-2', { to: 'publish production' });
    await pipeline.rollback({ rollback: true, executionId: 'e-2', state: 'STOPPED', because: 'stopped' });
    expect(await pipeline.rollback(ORDER)).toMatchObject({ error: 'RolledBack' });
    expect(fleet()).toEqual(new Set(['{"1":1}']));
  });

  slow('whose rollback was killed is rolled back by the same command', async () => {
    await pipeline.release('e-1');
    let visits = 0;
    pipeline.onState = (state) => (state === 'Rollback' && ++visits > 2 ? 'kill' : undefined);
    expect(await pipeline.rollback(ORDER)).toMatchObject({ status: 'ABORTED' });
    pipeline.onState = undefined;
    expect((await pipeline.release('e-2', { from: 'acquire', to: 'acquire' }))[0]).toMatchObject({
      waits: expect.stringContaining('held for Ada'),
    });
    expect(await pipeline.rollback(ORDER)).toMatchObject({ error: 'RolledBack' });
    expect(fleet()).toEqual(new Set(['{"1":1}']));
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });
});

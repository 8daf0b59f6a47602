import { sample, slow } from '../helpers/sample';
import { LocalPipeline } from './local-pipeline';
import { LocalNet, pipelineIs, stageIs } from './net';
import { planByHand, REGIONS } from './plan';

jest.setTimeout(120_000);

const CANARY_ALARM = 'orders-production-http-canary-errors';
const WAVE_ALARM = 'orders-production-http-wave-errors';
const CROSSED = 'Threshold Crossed: 2 out of the last 3 datapoints [7.0, 9.0] were greater than the threshold (5.0).';

let pipeline: LocalPipeline;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
});
afterEach(() => pipeline.close());

/** Text of the last message. */
const lastText = (): string => pipeline.world.sns.published.at(-1)?.texts.default ?? '';

/** Runs `event` that many minutes after the watch of a rollout has begun. */
function during(rollout: string, minutes: number, event: () => void): void {
  let armed = true;
  pipeline.onState = (state, moment, execution) => {
    if (armed && state === 'Watch' && moment === 'before' && execution === `e-1-${rollout}`) {
      armed = false;
      pipeline.clock.inMinutes(minutes, event);
    }
    return undefined;
  };
}

/** Makes Lambda unable to run this handler from now on. */
function cannotRun(bundle: string): void {
  Object.assign(pipeline.handlers[bundle], { handler: () => Promise.reject(new Error('cannot be loaded')) });
}

const failed = (results: readonly { readonly failed: boolean }[]) => results.filter((result) => result.failed);

test('a release reports its start, its passed canary, each wave, and its completion', async () => {
  expect(failed(await pipeline.release('e-1'))).toEqual([]);
  expect(pipeline.notices).toEqual(['started', 'canary passed', 'Wave1 done', 'Wave2 done', 'Wave3 done', 'completed']);
  expect(pipeline.world.sns.published.map(({ texts }) => JSON.parse(texts.sqs).commit)).toEqual(
    Array(6).fill('c0ffee-e-1'),
  );
});

test('a release that turns bad reports the place, the alarm, both numbers, the commit, and the links', async () => {
  during('canary', 8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', CROSSED));
  await pipeline.release('e-1');
  expect(pipeline.notices).toEqual(['started', 'rolled back']);
  const lines = lastText().split('\n');
  expect(lines.slice(0, 3)).toEqual(['orders: rolled back', '', `Where: ${REGIONS.join(', ')}`]);
  expect(lines[3]).toMatch(/^Why: rolled back to the revision before in .*: canary: eu-west-1\/http /);
  expect(lines[3]).toContain(`eu-west-1/http alarm ${CANARY_ALARM}: ${CROSSED}`);
  expect(lines.slice(4, 6)).toEqual(['Commit: c0ffee-e-1', 'Release: e-1']);
  expect(lastText()).toContain('/pipelines/orders/executions/e-1/');
});

slow('a rollback that stays incomplete reports the region, the function and its state', async () => {
  during('Wave2', 9, () => {
    pipeline.world.faults = ({ service, operation, region }) =>
      (service === 'codedeploy' && operation === 'CreateDeployment') ||
      (service === 'lambda' && operation === 'UpdateAlias')
        ? region === 'ap-southeast-2'
          ? { kind: 'denied' }
          : undefined
        : undefined;
    pipeline.fleet.alarm('eu-west-1', WAVE_ALARM, 'ALARM', CROSSED);
  });
  await pipeline.release('e-1');
  expect(pipeline.notices).toEqual(['started', 'canary passed', 'Wave1 done', 'rollback incomplete']);
  for (const key of ['http', 'queue']) {
    expect(lastText()).toContain(`ap-southeast-2/${key} serves version 2 instead of version 1, and cannot be pointed`);
  }
  expect(lastText()).toContain(CROSSED);
  expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 2: 1 });
});

test('a rollback whose handler cannot run at all is reported, and the machine fails as incomplete', async () => {
  during('canary', 8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', CROSSED));
  cannotRun('rollback');
  const results = await pipeline.release('e-1');
  expect(results.at(-1)?.message).toMatch(/^RollbackIncomplete: The rollback could not run/);
  expect(pipeline.notices).toEqual(['started', 'rollback incomplete']);
  expect(lastText()).toContain('/states/home?region=us-west-2#/statemachines/view/');
});

test('a rollout whose handler cannot run at all is reported, too', async () => {
  await pipeline.release('e-1', { to: 'publish production' });
  cannotRun('collect');
  expect((await pipeline.runAction('canary', 'e-1')).message).toMatch(/^CollectFailed: /);
  expect(pipeline.notices).toEqual(['started', 'blocked']);
});

test('a rollback order that cannot be parsed is reported, with its readable parts', async () => {
  const result = await pipeline.rollback({ executionId: 'e-1' });
  expect(result).toMatchObject({ status: 'FAILED', error: 'Refused' });
  expect(lastText()).toMatch(/Why: the rollback order cannot be read/);
  expect(lastText()).toContain('Release: e-1');
  expect(pipeline.notices).toEqual(['rollback incomplete']);
});

test('staging is reported only if it goes wrong', async () => {
  during('staging', 2, () => pipeline.fleet.alarm('staging', 'orders-staging-http-wave-errors', 'ALARM', CROSSED));
  await pipeline.release('e-1');
  expect(pipeline.notices).toEqual(['rolled back']);
  expect(lastText()).toContain('Where: staging\n');
});

test('a blocked release is reported with the release that blocks it', async () => {
  await pipeline.release('e-1', { to: 'canary' });
  pipeline.transition('Canary').enabled = true;
  await pipeline.release('e-2', { from: 'acquire' });
  expect(pipeline.notices).toEqual(['started', 'canary passed', 'blocked']);
  expect(lastText()).toContain('Why: Production is held by release e-1 (commit c0ffee-e-1)');
  expect(lastText()).toContain('Commit: c0ffee-e-2');
});

test('a wave that may not run is reported, and nothing else changes', async () => {
  await pipeline.release('e-1', { to: 'publish production' });
  await pipeline.runAction('Wave1', 'e-1');
  expect(pipeline.notices).toEqual(['started', 'Wave1 blocked']);
  expect(lastText()).toContain('Wave1 may run only after canary');
});

test('the start of a release is reported once, however often the stage is retried', async () => {
  await pipeline.release('e-1', { to: 'acquire' });
  await pipeline.runAction('acquire', 'e-1');
  expect(pipeline.notices).toEqual(['started']);
});

test('a notice that failed the first time is sent when the stage is retried', async () => {
  pipeline.world.faults = ({ service }) => (service === 'sns' ? { kind: 'server-error' } : undefined);
  expect(failed(await pipeline.release('e-1', { to: 'acquire' }))).toEqual([]);
  expect(pipeline.notices).toEqual([]);
  pipeline.world.faults = () => undefined;
  await pipeline.runAction('acquire', 'e-1');
  expect(pipeline.notices).toEqual(['started']);
});

test('the end of a release that was stopped before anything had shifted is reported once', async () => {
  const net = new LocalNet();
  await pipeline.release('e-1', { to: 'acquire' });
  await pipeline.becomes('e-1', 'Stopped');
  await net.on(pipeline, pipelineIs('e-1', 'STOPPED'));
  await net.on(pipeline, stageIs('e-1', 'Canary', 'STOPPED'));
  expect(pipeline.notices).toEqual(['started', 'ended before anything shifted']);
  expect(lastText()).toContain('Commit: c0ffee-e-1');
});

slow('an end is not reported again when the safety net finds it', async () => {
  const net = new LocalNet();
  during('canary', 8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', CROSSED));
  await pipeline.release('e-1');
  await net.on(pipeline, stageIs('e-1', 'Canary', 'FAILED'), pipelineIs('e-1', 'FAILED'));
  expect(pipeline.notices).toEqual(['started', 'rolled back']);
});

describe('if SNS', () => {
  test('is away for ten minutes, every message arrives all the same', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    const from = pipeline.clock.now();
    pipeline.world.faults = ({ service, at }) =>
      service === 'sns' && at < from + 30 * 60_000 ? { kind: 'server-error' } : undefined;
    expect((await pipeline.runAction('canary', 'e-1')).failed).toBe(false);
    expect(pipeline.notices).toEqual(['started', 'canary passed']);
  });

  const FOR_GOOD = [
    ['refuses', { kind: 'denied' }],
    ['breaks off', { kind: 'no-answer', effect: false }],
  ] as const;
  test.each(sample(FOR_GOOD, 1))('%s for good, a healthy release completes', async (_what, fault) => {
    pipeline.world.faults = ({ service }) => (service === 'sns' ? fault : undefined);
    expect(failed(await pipeline.release('e-1'))).toEqual([]);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'COMPLETED' });
    expect(pipeline.notices).toEqual([]);
  });

  slow('refuses for good, a bad release is rolled back with the same words', async () => {
    pipeline.world.faults = ({ service }) => (service === 'sns' ? { kind: 'denied' } : undefined);
    during('Wave2', 3, () => pipeline.fleet.alarm('eu-west-1', WAVE_ALARM, 'ALARM', CROSSED));
    expect((await pipeline.release('e-1')).at(-1)?.message).toMatch(/^RolledBack: rolled back to .*7\.0, 9\.0/);
    expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 1: 1 });
  });
});

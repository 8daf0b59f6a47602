import { holdReason } from '../../lib/ledger/transitions';
import { sample, slow } from '../helpers/sample';
import { type ActionResult, LocalPipeline } from './local-pipeline';
import { planByHand } from './plan';

const STAGES = ['UpdatePipeline', 'Canary'];
const CANARY_ALARM = 'orders-production-http-canary-errors';

let pipeline: LocalPipeline;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
});
afterEach(() => pipeline.close());

const last = (results: readonly ActionResult[]): ActionResult => results[results.length - 1];
const failures = (results: readonly ActionResult[]) => results.filter(({ failed }) => failed);
const enabled = () => STAGES.map((stage) => pipeline.transition(stage).enabled);
const reasons = () => STAGES.map((stage) => pipeline.transition(stage).reason);
const production = () =>
  new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));

/** Disables a transition as a person does with `aws codepipeline disable-stage-transition`. */
const personHolds = (stage: string) =>
  Object.assign(pipeline.transition(stage), { enabled: false, reason: 'frozen until Monday' });

/** Fails these operations from now on, for so many minutes. */
function failing(operations: readonly string[], minutes = Number.POSITIVE_INFINITY): void {
  const until = pipeline.clock.now() + minutes * 60_000;
  pipeline.world.faults = ({ operation, at }) =>
    operations.includes(operation) && at < until ? { kind: 'server-error' } : undefined;
}

const heal = (): void => {
  pipeline.world.faults = () => undefined;
};

/** Fires an alarm in the canary of a release. */
const turnsBad = async (executionId: string): Promise<ActionResult[]> => {
  const before = await pipeline.release(executionId, { to: 'publish production' });
  pipeline.clock.inMinutes(8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors 9 % > 5 %'));
  return [...before, ...(await pipeline.release(executionId, { from: 'canary' }))];
};

describe('while a release holds production,', () => {
  test('the next one waits with the holder’s name as the reason, and continues when the release has completed', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
    expect(last(await pipeline.release('e-2'))).toMatchObject({ failed: false, waits: holdReason('e-1') });
    expect(await pipeline.goOn()).toEqual({});

    expect(failures(await pipeline.release('e-1', { from: 'Wave1' }))).toEqual([]);
    expect(enabled()).toEqual([true, true]);
    const { 'e-2': second } = await pipeline.goOn();
    expect(failures(second)).toEqual([]);
    expect(production()).toEqual(new Set(['{"3":1}']));
  });

  slow('one that was in staging already waits before Canary, and no newer one supersedes it there', async () => {
    await pipeline.release('e-2', { to: 'staging' });
    await pipeline.release('e-1', { to: 'canary' });
    expect(last(await pipeline.release('e-2', { from: 'acquire' })).waits).toBe(holdReason('e-1'));
    expect(last(await pipeline.release('e-3')).action).toBe('publish staging');

    await pipeline.release('e-1', { from: 'Wave1' });
    expect(enabled()).toEqual([false, true]);
    expect(Object.keys(await pipeline.goOn())).toEqual(['e-2', 'e-3']);
    expect((await pipeline.ledger()).releases).toMatchObject({
      'e-2': { ended: 'COMPLETED' },
      'e-3': { ended: 'COMPLETED' },
    });
    expect(enabled()).toEqual([true, true]);
  });

  slow('the newest of several that wait continues', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.release('e-2');
    await pipeline.release('e-3');
    await pipeline.release('e-1', { from: 'Wave1' });
    expect(Object.keys(await pipeline.goOn())).toEqual(['e-3']);
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-3' });
  });

  test('one that fails before it acquired anything enables nothing', async () => {
    await pipeline.release('e-2', { to: 'staging' });
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.becomes('e-2', 'Failed');
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
  });

  test('one that waits and is stopped by a person makes room before UpdatePipeline', async () => {
    await pipeline.release('e-2', { to: 'staging' });
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.release('e-2', { from: 'acquire' });
    await pipeline.release('e-1', { from: 'Wave1' });
    pipeline.transition('Canary').waiting = undefined;
    await pipeline.becomes('e-2', 'Stopped');
    expect(enabled()).toEqual([true, true]);
  });
});

describe('a release', () => {
  test('that was rolled back lets the next one continue', async () => {
    expect(last(await turnsBad('e-1')).message).toMatch(/^RolledBack/);
    expect(enabled()).toEqual([true, true]);
    pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'OK', 'well again');
    expect(failures(await pipeline.release('e-2'))).toEqual([]);
    expect(production()).toEqual(new Set(['{"3":1}']));
  });

  test('whose publish failed is taken over by the next one, which holds in its own name', async () => {
    await pipeline.release('e-1', { to: 'acquire' });
    failing(['PublishVersion']);
    expect(last(await pipeline.release('e-1', { from: 'publish production' })).failed).toBe(true);
    heal();
    expect(enabled()).toEqual([true, true]);
    expect(failures(await pipeline.release('e-2', { to: 'acquire' }))).toEqual([]);
    expect(reasons()).toEqual([holdReason('e-2'), holdReason('e-2')]);
    expect(failures(await pipeline.release('e-2', { from: 'publish production' }))).toEqual([]);
    expect(enabled()).toEqual([true, true]);
  });

  test('whose publish failed closes the transitions again when it is retried', async () => {
    await pipeline.release('e-1', { to: 'acquire' });
    failing(['PublishVersion']);
    await pipeline.release('e-1', { from: 'publish production' });
    heal();
    await pipeline.release('e-1', { from: 'publish production', to: 'canary' });
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
  });

  slow('that was stopped while a wave ran keeps the next one waiting until it has ended', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    await pipeline.becomes('e-1', 'Stopped');
    expect(last(await pipeline.release('e-2')).waits).toBe(holdReason('e-1'));
    await pipeline.release('e-1', { from: 'Wave2' });
    expect(Object.keys(await pipeline.goOn())).toEqual(['e-2']);
  });
});

describe('a person’s hold', () => {
  test('that was there before survives the release', async () => {
    await pipeline.release('e-1', { to: 'acquire' });
    personHolds('Canary');
    await pipeline.release('e-1', { from: 'publish production' });
    expect(reasons()).toEqual([undefined, 'frozen until Monday']);
    expect(last(await pipeline.release('e-2')).waits).toBe('frozen until Monday');
  });

  test('of UpdatePipeline keeps its reason when a release acquires production', async () => {
    await pipeline.release('e-1', { to: 'staging' });
    personHolds('UpdatePipeline');
    await pipeline.release('e-1', { from: 'acquire', to: 'acquire' });
    expect(reasons()).toEqual(['frozen until Monday', holdReason('e-1')]);
  });

  test('survives a rollback', async () => {
    await pipeline.release('e-1', { to: 'acquire' });
    personHolds('UpdatePipeline');
    await turnsBad('e-1');
    expect(reasons()).toEqual(['frozen until Monday', undefined]);
  });
});

describe('a failure of CodePipeline', () => {
  test.each(sample(['GetPipelineState', 'DisableStageTransition'], 1))(
    'for ten minutes at %s delays the acquisition',
    async (operation) => {
      await pipeline.release('e-1', { to: 'staging' });
      failing([operation], 10);
      expect(failures(await pipeline.release('e-1', { from: 'acquire', to: 'acquire' }))).toEqual([]);
      expect(enabled()).toEqual([false, false]);
    },
  );

  test.each(sample(['GetPipelineState', 'DisableStageTransition'], 1))(
    'for good at %s publishes nothing, and the next release can start',
    async (operation) => {
      await pipeline.release('e-1', { to: 'staging' });
      failing([operation]);
      const take = last(await pipeline.release('e-1', { from: 'acquire' }));
      expect(take).toMatchObject({ action: 'acquire', failed: true });
      expect(take.message).toMatch(
        /^the transitions could not be disabled: .*\(tried for 15 min\)\. Nothing was published/,
      );
      heal();
      expect(failures(await pipeline.release('e-2'))).toEqual([]);
      expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-2' });
      expect(enabled()).toEqual([true, true]);
    },
  );

  test('at the second transition enables the first one again', async () => {
    await pipeline.release('e-1', { to: 'staging' });
    pipeline.world.faults = ({ operation, input }) =>
      operation === 'DisableStageTransition' && input.stageName === 'Canary' ? { kind: 'denied' } : undefined;
    expect(last(await pipeline.release('e-1', { from: 'acquire' })).failed).toBe(true);
    expect(enabled()).toEqual([true, true]);
  });

  test.each(sample(['GetPipelineState', 'EnableStageTransition'], 1))(
    'for ten minutes at %s delays the end',
    async (operation) => {
      await pipeline.release('e-1', { to: 'Wave3' });
      failing([operation], 10);
      expect(failures(await pipeline.release('e-1', { from: 'complete' }))).toEqual([]);
      expect(enabled()).toEqual([true, true]);
    },
  );

  test.each(sample(['GetPipelineState', 'EnableStageTransition'], 1))(
    'for good at %s is logged by the completed release, and the next release repairs the transitions',
    async (operation) => {
      await pipeline.release('e-1', { to: 'Wave3' });
      failing([operation]);
      const release = last(await pipeline.release('e-1', { from: 'complete' }));
      expect(release).toMatchObject({ action: 'complete', failed: false });
      expect(pipeline.handlers.ledger.logs.at(-1)).toContain('the transitions could not be enabled: ');
      expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'COMPLETED' });
      expect(enabled()).toEqual([false, false]);
      heal();
      expect(failures(await pipeline.release('e-2'))).toEqual([]);
      expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-2' });
    },
  );

  test.each(sample(['GetPipelineState', 'EnableStageTransition'], 1))(
    'for good at %s in a rollback is reported by the completed rollback, and the next release repairs the transitions',
    async (operation) => {
      const before = await pipeline.release('e-1', { to: 'publish production' });
      expect(failures(before)).toEqual([]);
      failing([operation]);
      pipeline.clock.inMinutes(8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors 9 % > 5 %'));
      const { message } = last(await pipeline.release('e-1', { from: 'canary' }));
      expect(message).toMatch(/^RolledBack: rolled back to .*errors 9 %.*the transitions could not be enabled: /);
      expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
      heal();
      pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'OK', 'well again');
      expect(failures(await pipeline.release('e-2'))).toEqual([]);
    },
  );
});

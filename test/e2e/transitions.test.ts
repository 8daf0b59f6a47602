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

/** Somebody runs `aws codepipeline disable-stage-transition`. */
const personHolds = (stage: string) =>
  Object.assign(pipeline.transition(stage), { enabled: false, reason: 'frozen until Monday' });

/** From now on these operations are answered with an error, for so many minutes. */
function failing(operations: readonly string[], minutes = Number.POSITIVE_INFINITY): void {
  const until = pipeline.clock.now() + minutes * 60_000;
  pipeline.world.faults = ({ operation, at }) =>
    operations.includes(operation) && at < until ? { kind: 'server-error' } : undefined;
}

const heal = (): void => {
  pipeline.world.faults = () => undefined;
};

/** Lets an alarm fire in the canary of a release. */
const turnsBad = async (executionId: string): Promise<ActionResult[]> => {
  const before = await pipeline.release(executionId, { to: 'publish production' });
  pipeline.clock.inMinutes(8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors 9 % > 5 %'));
  return [...before, ...(await pipeline.release(executionId, { from: 'canary' }))];
};

describe('while a release holds production', () => {
  test('the next one waits, told by whom, and goes on when the release has completed', async () => {
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

  slow('one that was in staging already waits in front of Canary, and is not cut off by one behind it', async () => {
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

  slow('of several that wait, the newest goes on', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.release('e-2');
    await pipeline.release('e-3');
    await pipeline.release('e-1', { from: 'Wave1' });
    expect(Object.keys(await pipeline.goOn())).toEqual(['e-3']);
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-3' });
  });

  test('one that fails before it took anything enables nothing', async () => {
    await pipeline.release('e-2', { to: 'staging' });
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.becomes('e-2', 'Failed');
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
  });

  test('one that waits for it and is stopped by a person makes room in front of UpdatePipeline', async () => {
    await pipeline.release('e-2', { to: 'staging' });
    await pipeline.release('e-1', { to: 'canary' });
    await pipeline.release('e-2', { from: 'acquire' });
    await pipeline.release('e-1', { from: 'Wave1' });
    pipeline.transition('Canary').waiting = undefined;
    await pipeline.becomes('e-2', 'Stopped');
    expect(enabled()).toEqual([true, true]);
  });
});

describe('after a release that did not complete', () => {
  test('that was rolled back, the next one goes on', async () => {
    expect(last(await turnsBad('e-1')).message).toMatch(/^RolledBack/);
    expect(enabled()).toEqual([true, true]);
    pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'OK', 'well again');
    expect(failures(await pipeline.release('e-2'))).toEqual([]);
    expect(production()).toEqual(new Set(['{"3":1}']));
  });

  test('whose publish failed, the next one takes over and holds in its own name', async () => {
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

  test('whose publish failed and is retried, they are held again', async () => {
    await pipeline.release('e-1', { to: 'acquire' });
    failing(['PublishVersion']);
    await pipeline.release('e-1', { from: 'publish production' });
    heal();
    await pipeline.release('e-1', { from: 'publish production', to: 'canary' });
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
  });

  slow('that was stopped while a wave ran, the next one waits until it is ended', async () => {
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

  test('of UpdatePipeline is not renamed by a release that acquires production', async () => {
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

describe('CodePipeline fails', () => {
  test.each(sample(['GetPipelineState', 'DisableStageTransition'], 1))(
    'for ten minutes at %s: taking waits for it',
    async (operation) => {
      await pipeline.release('e-1', { to: 'staging' });
      failing([operation], 10);
      expect(failures(await pipeline.release('e-1', { from: 'acquire', to: 'acquire' }))).toEqual([]);
      expect(enabled()).toEqual([false, false]);
    },
  );

  test.each(sample(['GetPipelineState', 'DisableStageTransition'], 1))(
    'for good at %s: nothing is published, and the next release can come',
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

  test('when it was to disable the second: the first is enabled again', async () => {
    await pipeline.release('e-1', { to: 'staging' });
    pipeline.world.faults = ({ operation, input }) =>
      operation === 'DisableStageTransition' && input.stageName === 'Canary' ? { kind: 'denied' } : undefined;
    expect(last(await pipeline.release('e-1', { from: 'acquire' })).failed).toBe(true);
    expect(enabled()).toEqual([true, true]);
  });

  test.each(sample(['GetPipelineState', 'EnableStageTransition'], 1))(
    'for ten minutes at %s: the end waits for it',
    async (operation) => {
      await pipeline.release('e-1', { to: 'Wave3' });
      failing([operation], 10);
      expect(failures(await pipeline.release('e-1', { from: 'complete' }))).toEqual([]);
      expect(enabled()).toEqual([true, true]);
    },
  );

  test.each(sample(['GetPipelineState', 'EnableStageTransition'], 1))(
    'for good at %s: the release has completed all the same, says so, and the next one mends it',
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
    'for good at %s in a rollback: it has rolled back all the same, says so, and the next release mends it',
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

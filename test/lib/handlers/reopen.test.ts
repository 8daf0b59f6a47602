import { holdReason, personReason } from '../../../lib/ledger/transitions';
import { PIPELINE_PLACE } from '../rollout/example';
import { HELD_STAGES, PIPELINE_NAME, RELEASE, ReleaseWorld } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
});
afterEach(() => world.close());

const transition = (stage: string) => world.world.codepipeline.transition(PIPELINE_PLACE, PIPELINE_NAME, stage);
const enabled = () => HELD_STAGES.map((stage) => transition(stage).enabled);
const status = (executionId: string, is: 'Failed' | 'InProgress' | 'Stopped') =>
  world.world.codepipeline.setExecution(PIPELINE_PLACE, PIPELINE_NAME, executionId, is);

function disable(reason = holdReason(RELEASE)): void {
  for (const stage of HELD_STAGES) Object.assign(transition(stage), { enabled: false, reason });
}

async function deliver(state: string, executionId = RELEASE): Promise<unknown> {
  return call({ detail: { pipeline: PIPELINE_NAME, 'execution-id': executionId, state } });
}

async function call(event: object): Promise<unknown> {
  const { handler, logs } = world.load('reopen');
  await handler(event);
  return JSON.parse(logs[0]).answer;
}

test('reopens on schedule the transitions that no event has reopened: all retries of Lambda may have failed', async () => {
  const strike = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
  await world.hold();
  status(RELEASE, 'InProgress');
  disable();
  expect(await call(strike)).toBe('NOTHING');
  expect(enabled()).toEqual([false, false]);
  status(RELEASE, 'Failed');
  expect(await call(strike)).toBe('ENABLED Canary, UpdatePipeline');
});

test('reopens when no release has ever held production', async () => {
  disable();
  expect(await deliver('STARTED', 'e-2')).toBe('ENABLED Canary, UpdatePipeline');
  expect(enabled()).toEqual([true, true]);
});

test('keeps the transitions of a release under way closed, whichever execution ends', async () => {
  await world.hold();
  status(RELEASE, 'InProgress');
  disable();
  expect(await deliver('FAILED', 'e-2')).toBe('NOTHING');
  expect(enabled()).toEqual([false, false]);
  // Not even for a moment: a waiting release would slip through.
  expect(world.operations()).not.toContain('EnableStageTransition');
});

test('reopens after a release that the next one may take over', async () => {
  await world.hold();
  status(RELEASE, 'Failed');
  disable();
  expect(await deliver('FAILED')).toBe('ENABLED Canary, UpdatePipeline');
  expect((await world.ledger.holder())?.state).toBe('HELD');
});

test('stays closed for a release that was stopped while a wave ran: the next one could not take over', async () => {
  await world.hold();
  await world.record('canary', 'PASSED');
  await world.record('Wave1', 'STARTED');
  status(RELEASE, 'Stopped');
  disable();
  expect(await deliver('STOPPED')).toBe('NOTHING');
});

test('frees production after a release that ended without completing, and reopens', async () => {
  await world.hold();
  const release = await world.ledger.release(RELEASE);
  if (!release) throw new Error('no release');
  await world.ledger.end(release, { ended: 'ROLLED_BACK', reason: 'bad', endedAt: world.world.clock.iso() });
  status(RELEASE, 'Failed');
  disable();
  expect(await deliver('FAILED')).toBe('ENABLED Canary, UpdatePipeline');
  expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
});

test('closes again for a release whose stage is retried', async () => {
  await world.hold();
  status(RELEASE, 'InProgress');
  expect(await deliver('RESUMED')).toBe('HELD');
  expect(transition('Canary')).toMatchObject({ enabled: false, reason: holdReason(RELEASE) });
});

test('does not close for a retried release that does not hold production', async () => {
  await world.hold();
  status(RELEASE, 'InProgress');
  status('e-2', 'InProgress');
  expect(await deliver('RESUMED', 'e-2')).toBe('NOTHING');
  expect(enabled()).toEqual([true, true]);
});

test('a person’s hold stays', async () => {
  disable('frozen until Monday');
  expect(await deliver('STARTED')).toBe('NOTHING');
  expect(enabled()).toEqual([false, false]);
});

describe('a person’s hold by our command', () => {
  const HOLD = { service: 'orders', by: 'Ada', reason: 'orders are lost', at: '2026-03-02T10:00:00.000Z' };

  test('outlasts every release, and is set again when something has enabled the transitions', async () => {
    await world.ledger.placeHold(HOLD);
    disable(holdReason('e-0'));
    transition('UpdatePipeline').enabled = true;
    expect(await deliver('SUCCEEDED')).toBe('NOTHING');
    expect(enabled()).toEqual([false, false]);
    expect(transition('UpdatePipeline').reason).toBe(personReason(HOLD));
  });

  test('keeps transitions that a person has disabled in the console', async () => {
    await world.ledger.placeHold(HOLD);
    disable('frozen until Monday');
    await deliver('SUCCEEDED');
    expect(transition('Canary').reason).toBe('frozen until Monday');
  });

  test('is lifted when it has ended', async () => {
    disable(personReason(HOLD));
    expect(await deliver('STARTED')).toBe('ENABLED Canary, UpdatePipeline');
  });

  test('that begins at that very moment is not lost', async () => {
    disable();
    world.world.faults = async ({ operation, input }) => {
      if (operation === 'EnableStageTransition' && input.stageName === 'Canary') await world.ledger.placeHold(HOLD);
      return undefined;
    };
    expect(await deliver('SUCCEEDED')).toBe('NOTHING');
    expect(enabled()).toEqual([false, false]);
  });
});

test('closes for a release that acquires production at that very moment', async () => {
  disable(holdReason('e-0'));
  status(RELEASE, 'InProgress');
  world.world.faults = async ({ operation, input }) => {
    if (operation === 'EnableStageTransition' && input.stageName === 'Canary') await world.hold();
    return undefined;
  };
  expect(await deliver('SUCCEEDED', 'e-0')).toBe('NOTHING');
  expect(transition('Canary')).toMatchObject({ enabled: false, reason: holdReason(RELEASE) });
  expect(transition('UpdatePipeline')).toMatchObject({ enabled: false, reason: holdReason(RELEASE) });
});

test.each(['GetPipelineState', 'EnableStageTransition', 'GetItem'])(
  'throws when %s fails, so that Lambda retries',
  async (operation) => {
    disable();
    world.fail((call) => call.operation === operation, { kind: 'denied' });
    await expect(deliver('FAILED')).rejects.toThrow();
    world.heal();
    await deliver('FAILED');
    expect(enabled()).toEqual([true, true]);
  },
);

test('an answer without the transitions does not reopen them', async () => {
  disable();
  world.fail((call) => call.operation === 'GetPipelineState', { kind: 'garbled', body: '{}' });
  await expect(deliver('FAILED')).rejects.toThrow('did not say whether the transition into UpdatePipeline');
});

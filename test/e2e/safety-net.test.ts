import type { MachineResult } from '../helpers/run-machine';
import { sample } from '../helpers/sample';
import type { Event } from '../local-aws/event-bridge';
import { fleetOf } from './fleet';
import { LocalPipeline } from './local-pipeline';
import { LocalNet, pipelineIs, stageIs } from './net';
import { planByHand, REGIONS } from './plan';

const CANARY_ALARM = 'orders-production-http-canary-errors';
const WAVE_ALARM = 'orders-production-http-wave-errors';

const net = new LocalNet();
let pipeline: LocalPipeline;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
});
afterEach(() => pipeline.close());

const fleet = () => fleetOf(pipeline);

const holder = async () => (await pipeline.ledger()).holder;

/** Calls that move traffic. */
const moves = (): number =>
  pipeline.world.calls.filter(({ operation }) => /^(CreateDeployment|StopDeployment|UpdateAlias)$/.test(operation))
    .length;

const nothing = (reason: string | RegExp) => ({
  status: 'SUCCEEDED',
  output: { schema: 1, next: 'NOTHING', reason: expect.stringMatching(reason) },
});

/** Runs a release to a rollout, and that rollout, with `event` some minutes after its watch has begun. */
async function during<T>(rollout: string, minutes: number, event: () => Promise<T>): Promise<[MachineResult, T]> {
  const { actions } = pipeline;
  await pipeline.release('e-1', { to: actions[actions.indexOf(rollout) - 1] });
  let happened: Promise<T> | undefined;
  let armed = true;
  pipeline.onState = (state, moment) => {
    if (armed && state === 'Watch' && moment === 'before') {
      armed = false;
      pipeline.clock.inMinutes(minutes, () => {
        happened = event();
      });
    }
    return undefined;
  };
  const machine = await pipeline.rollout(rollout, 'e-1');
  if (!happened) throw new Error(`${rollout} ended before the event`);
  return [machine, await happened];
}

const MOMENTS = [
  ['canary', 8],
  ['Wave2', 3],
  ['Wave2', 9],
] as const;

describe.each(sample(MOMENTS, 1))('a pipeline that is stopped in %s, after %i min', (rollout, minutes) => {
  const stop = () => {
    pipeline.setStatus('e-1', 'Stopping');
    return net.on(pipeline, pipelineIs('e-1', 'STOPPING'));
  };

  test('ends on stable in every region, and the machine of the rollout is stopped', async () => {
    const [machine, [rolledBack]] = await during(rollout, minutes, stop);
    expect(rolledBack).toMatchObject({
      status: 'FAILED',
      error: 'RolledBack',
      cause: expect.stringMatching(/^rolled back to .*: the execution of the pipeline is STOPPING$/),
    });
    expect(machine.status).toBe('ABORTED');
    expect(pipeline.stopped).toEqual(new Set([`e-1-${rollout}`]));
    expect(fleet()).toEqual({ 1: 1 });
    expect(await holder()).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'ROLLED_BACK' });
  });

  test('ends on stable also if the machine cannot be stopped: it ends by itself within two minutes', async () => {
    pipeline.stoppable = false;
    let ended = 0;
    const [machine] = await during(rollout, minutes, async () => {
      const ordered = pipeline.clock.now();
      const result = await stop();
      ended = (pipeline.clock.now() - ordered) / 60_000;
      return result;
    });
    expect(machine).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
    expect(ended).toBeLessThan(15);
    expect(fleet()).toEqual({ 1: 1 });
    expect(await holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });

  test('is rolled back once, although several events report it, at once and later', async () => {
    const [, results] = await during(rollout, minutes, async () => [
      ...(await net.on(
        pipeline,
        pipelineIs('e-1', 'STOPPING'),
        pipelineIs('e-1', 'STOPPED'),
        stageIs('e-1', 'Canary', 'STOPPED'),
        net.machineEnded('e-1', rollout),
      )),
    ]);
    expect(results).toHaveLength(4);
    for (const result of results) expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
    expect(fleet()).toEqual({ 1: 1 });
    const before = moves();
    expect(await net.on(pipeline, net.machineEnded('e-1', rollout), stageIs('e-1', 'Canary', 'FAILED'))).toEqual([
      expect.objectContaining(nothing('has ended already: ROLLED_BACK')),
      expect.objectContaining(nothing('has ended already: ROLLED_BACK')),
    ]);
    expect(moves()).toBe(before);
  });
});

describe('a person', () => {
  test('rolls back with an execution id alone', async () => {
    const [, rolledBack] = await during('Wave2', 3, () => pipeline.rollback({ rollback: true, executionId: 'e-1' }));
    expect(rolledBack).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
    expect(rolledBack.cause).toContain('a rollback was requested');
    expect(fleet()).toEqual({ 1: 1 });
  });

  test('gets the fault in the input at once', async () => {
    const began = pipeline.clock.now();
    expect(await pipeline.rollback({ rollback: true, because: 'no id' })).toMatchObject({
      status: 'FAILED',
      error: 'Refused',
      cause: expect.stringContaining('state.executionId must be a text that is not empty'),
    });
    expect(pipeline.clock.now()).toBe(began);
  });
});

describe('a rollback that was killed', () => {
  const AT = sample(['Rollback', 'WaitToRollback'], 1);
  test.each(AT)('at %s, again and again, continues until every function is on stable', async (at) => {
    let kills = 3;
    const input = { rollback: true, executionId: 'e-1', because: 'it is slow' };
    const [, results] = await during('Wave2', 3, async () => {
      pipeline.onState = (state, moment, execution) =>
        execution.startsWith('rollback') && state === at && moment === 'after' && kills-- > 0 ? 'kill' : undefined;
      const ended = [await pipeline.rollback(input)];
      let given: object = input;
      while (ended.at(-1)?.status === 'ABORTED') {
        const event = net.machineEnded('e-1', 'rollback', 'ABORTED', given);
        [given] = net.inputsOf(event);
        ended.push(...(await net.on(pipeline, event)));
      }
      return ended;
    });
    expect(results.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED', 'ABORTED', 'FAILED']);
    expect(results.at(-1)).toMatchObject({ error: 'RolledBack', cause: expect.stringContaining('it is slow') });
    expect(fleet()).toEqual({ 1: 1 });
    expect(await holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });
});

describe('a machine that was killed', () => {
  const AROUND = ['before', 'after'] as const;
  const at = (states: readonly string[]) => states.flatMap((state) => AROUND.map((moment) => [state, moment] as const));

  /** Stops the machine of a rollout at a state, with the leg that it waits for. */
  async function kill(rollout: string, at: string, when: 'before' | 'after', onWatch = () => {}): Promise<void> {
    const { actions } = pipeline;
    await pipeline.release('e-1', { to: actions[actions.indexOf(rollout) - 1] });
    let dead = false;
    pipeline.onState = (state, moment, execution) => {
      if (execution !== `e-1-${rollout}`) return undefined;
      if (state === 'Watch' && moment === 'before') onWatch();
      dead ||= state === at && moment === when;
      return dead ? 'kill' : undefined;
    };
    expect(await pipeline.rollout(rollout, 'e-1')).toMatchObject({ status: 'ABORTED' });
  }

  /** Does the same, and sends the event to the net. */
  async function killed(rollout: string, at: string, when: 'before' | 'after'): Promise<readonly MachineResult[]> {
    await kill(rollout, at, when);
    return net.on(pipeline, net.machineEnded('e-1', rollout));
  }

  async function expectKnownState(): Promise<void> {
    expect(fleet()).toEqual({ 1: 1 });
    expect(await holder()).toMatchObject({ executionId: 'e-1', state: 'FREE' });
    pipeline.onState = undefined;
    for (const region of REGIONS) {
      pipeline.fleet.alarm(region, CANARY_ALARM, 'OK');
      pipeline.fleet.alarm(region, WAVE_ALARM, 'OK');
    }
    // Nothing left over blocks the next release.
    expect((await pipeline.release('e-2')).filter(({ failed }) => failed)).toEqual([]);
    expect(fleet()).toEqual({ 3: 1 });
  }

  const STATES = at(['Collect', 'Start', 'WaitToStart', 'Watch', 'WaitForNextMinute', 'Settle', 'WaitToSettle']);
  test.each(sample(STATES, 2))(
    'in the canary, at %s, %s its work, leaves every region on stable',
    async (state, moment) => {
      const [result] = await killed('canary', state, moment);
      const shifted = ((await pipeline.ledger()).releases['e-1'].rollouts as { canary?: object }).canary !== undefined;
      expect(result).toMatchObject(
        shifted ? { status: 'FAILED', error: 'RolledBack' } : nothing('before anything of it had shifted'),
      );
      expect((await holder())?.ended).toBe(shifted ? 'ROLLED_BACK' : 'ABANDONED');
      await expectKnownState();
    },
  );

  test.each(sample(at(['Collect', 'Start', 'Watch', 'WaitForNextMinute', 'Settle']), 1))(
    'in wave 2, at %s, %s its work, leaves every region on stable',
    async (state, moment) => {
      const [result] = await killed('Wave2', state, moment);
      expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
      expect((await holder())?.ended).toBe('ROLLED_BACK');
      await expectKnownState();
    },
  );

  const ROLLING_BACK = [
    ...at(['Rollback', 'WaitToRollback']).map((each) => ['canary', CANARY_ALARM, ...each] as const),
    ...at(['Rollback', 'WaitToRollback']).map((each) => ['Wave2', WAVE_ALARM, ...each] as const),
  ];
  test.each(sample(ROLLING_BACK, 1))(
    'in %s while an alarm (%s) rolls it back, at %s, %s its work, leaves a known state',
    async (rollout, alarm, state, moment) => {
      await kill(rollout, state, moment, () => pipeline.fleet.alarm('eu-west-1', alarm, 'ALARM', 'errors'));
      await net.on(pipeline, net.machineEnded('e-1', rollout), stageIs('e-1', 'Production', 'FAILED'));
      await expectKnownState();
    },
  );
});

describe('a handler of the old execution that continues beside the rollback', () => {
  test.each(sample([1, 2, 6, 7, 12], 1))(
    'at Start, in its creation no. %i of a deployment, moves nothing off stable',
    async (nth) => {
      await pipeline.release('e-1', { to: 'publish production' });
      let created = 0;
      let rolledBack: Promise<readonly MachineResult[]> | undefined;
      pipeline.world.faults = ({ operation }) => {
        if (operation === 'CreateDeployment' && ++created === nth) {
          rolledBack = net.on(pipeline, pipelineIs('e-1', 'STOPPING'));
        }
        return undefined;
      };
      const machine = await pipeline.rollout('canary', 'e-1');
      await rolledBack;
      expect(rolledBack).toBeDefined();
      expect(machine.status).not.toBe('SUCCEEDED');
      await pipeline.clock.advance(60);
      expect(fleet()).toEqual({ 1: 1 });
      expect(await holder()).toMatchObject({ executionId: 'e-1', state: 'FREE' });
    },
  );

  test('at Settle of the last wave leaves no split', async () => {
    await pipeline.release('e-1', { to: 'Wave2' });
    let rolledBack: Promise<readonly MachineResult[]> | undefined;
    pipeline.onState = (state, moment) => {
      if (state === 'Settle' && moment === 'before')
        rolledBack ??= net.on(pipeline, stageIs('e-1', 'Production', 'STOPPED'));
      return undefined;
    };
    await pipeline.rollout('Wave3', 'e-1');
    await rolledBack;
    expect(fleet()).toEqual({ 1: 1 });
    expect((await pipeline.runAction('complete', 'e-1')).failed).toBe(true);
    expect(await holder()).toMatchObject({ ended: 'ROLLED_BACK' });
  });
});

describe('the safety net touches nothing', () => {
  test('for a release that is blocked, while another one’s canary is under way', async () => {
    const [machine, results] = await during('canary', 8, async () => {
      // The release acts as if it had passed the transition just before that was disabled.
      expect(await pipeline.runAction('acquire', 'e-2')).toMatchObject({ failed: true });
      return net.on(pipeline, stageIs('e-2', 'Canary', 'FAILED'), pipelineIs('e-2', 'FAILED'));
    });
    for (const result of results) {
      expect(result).toMatchObject(nothing('release e-2 does not hold production: it is held by release e-1'));
    }
    expect(machine.status).toBe('SUCCEEDED');
    expect(await holder()).toMatchObject({ executionId: 'e-1', state: 'HELD' });
  });

  test('for an unknown release, or one that has only reached staging', async () => {
    await pipeline.release('e-1', { to: 'staging' });
    const before = moves();
    const [unknown, staged] = await net.on(pipeline, pipelineIs('e-9', 'FAILED'), stageIs('e-1', 'Staging', 'FAILED'));
    expect(unknown).toMatchObject(nothing('release e-9 is not in the ledger'));
    expect(staged).toMatchObject(nothing('has not acquired production'));
    expect(await net.on(pipeline, net.machineEnded('e-1', 'staging'))).toMatchObject([
      nothing('staging has nothing to do with production'),
    ]);
    expect(moves()).toBe(before);
  });

  test('after the release has completed', async () => {
    await pipeline.release('e-1');
    const before = moves();
    expect(await net.on(pipeline, pipelineIs('e-1', 'STOPPED'), net.machineEnded('e-1', 'Wave3'))).toMatchObject([
      nothing('has ended already: COMPLETED'),
      nothing('has ended already: COMPLETED'),
    ]);
    expect(moves()).toBe(before);
    expect(fleet()).toEqual({ 2: 1 });
    expect(await holder()).toMatchObject({ ended: 'COMPLETED' });
  });

  test('if a publish failed: the stage may be retried, and the next release may take over', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    const before = moves();
    const failed = await net.on(pipeline, stageIs('e-1', 'Canary', 'FAILED'), pipelineIs('e-1', 'FAILED'));
    for (const result of failed) {
      expect(result).toMatchObject(nothing('no traffic is on the candidate of release e-1: its stage may be retried'));
    }
    expect(moves()).toBe(before);
    expect(await pipeline.runAction('canary', 'e-1')).toMatchObject({ failed: false });
    // Between the canary, which has returned, and the first wave nothing has moved either.
    expect(await net.on(pipeline, stageIs('e-1', 'Production', 'FAILED'))).toMatchObject([nothing('may be retried')]);
    pipeline.setStatus('e-1', 'Failed');
    expect((await pipeline.release('e-2')).filter(({ failed: bad }) => bad)).toEqual([]);
  });

  test('but frees production if an execution is stopped before anything has shifted', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    pipeline.setStatus('e-1', 'Stopped');
    const before = moves();
    const [freed, again] = [
      ...(await net.on(pipeline, pipelineIs('e-1', 'STOPPING'))),
      ...(await net.on(pipeline, pipelineIs('e-1', 'STOPPED'))),
    ];
    expect(freed).toMatchObject(
      nothing(/ended before anything of it had shifted: the execution .*; production is free$/),
    );
    expect(again).toMatchObject(nothing('has ended already: ABANDONED'));
    expect(moves()).toBe(before);
    expect(await holder()).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'ABANDONED' });
    expect(await pipeline.runAction('canary', 'e-1')).toMatchObject({ failed: true });
    expect((await pipeline.release('e-2')).filter(({ failed }) => failed)).toEqual([]);
  });
});

describe('the rule of the safety net', () => {
  const order = (event: Event) => ({ rollback: true, event: { type: event['detail-type'], detail: event.detail } });

  test.each(['FAILED', 'STOPPED', 'CANCELED'])('reacts to a stage that is %s', (state) => {
    const event = stageIs('e-1', 'Canary', state);
    expect(net.inputsOf(event)).toEqual([order(event)]);
  });

  test.each(['STOPPING', 'STOPPED', 'SUPERSEDED', 'CANCELED', 'FAILED'])(
    'reacts to an execution of the pipeline that is %s',
    (state) => {
      const event = pipelineIs('e-1', state);
      expect(net.inputsOf(event)).toEqual([order(event)]);
    },
  );

  test.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('reacts to a machine that has %s', (status) => {
    const event = net.machineEnded('e-1', 'canary', status);
    expect(net.inputsOf(event)).toEqual([order(event)]);
  });

  test.each(['TIMED_OUT', 'ABORTED'])('reacts to a rollback that has %s', (status) => {
    const event = net.machineEnded('e-1', 'rollback', status, { rollback: true, executionId: 'e-1' });
    expect(net.inputsOf(event)).toEqual([order(event)]);
  });

  test('ignores successes, other pipelines, and rollbacks that have failed by themselves', () => {
    const byPerson = { rollback: true, executionId: 'e-1', because: 'x' };
    for (const event of [
      stageIs('e-1', 'Canary', 'STARTED'),
      stageIs('e-1', 'Canary', 'SUCCEEDED'),
      stageIs('e-1', 'Canary', 'STOPPING'),
      stageIs('e-1', 'Canary', 'FAILED', 'orders-other'),
      pipelineIs('e-1', 'SUCCEEDED'),
      pipelineIs('e-1', 'STOPPING', 'other'),
      net.machineEnded('e-1', 'canary', 'SUCCEEDED'),
      net.machineEnded('e-1', 'canary', 'RUNNING'),
      net.machineEnded('e-1', 'rollback', 'FAILED', byPerson),
      net.machineEnded('e-1', 'rollback', 'FAILED', order(net.machineEnded('e-1', 'canary'))),
    ]) {
      expect(net.inputsOf(event)).toEqual([]);
    }
  });

  test('distinguishes a rollback by the name of its execution, however a person has typed the input', () => {
    const endedAs = (status: string) => {
      const event = net.machineEnded('e-1', 'rollback', status, {});
      const input = '{ "executionId" : "e-1" , "rollback" : true }';
      return net.inputsOf({ ...event, detail: { ...event.detail, input } });
    };
    expect(endedAs('FAILED')).toEqual([]);
    expect(endedAs('ABORTED')).toHaveLength(1);
  });
});

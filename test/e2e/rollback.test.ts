import { sample, slow } from '../helpers/sample';
import type { Behaviour } from '../local-aws/behaviour';
import type { Deployment } from '../local-aws/deployment';
import { type ActionResult, LocalPipeline } from './local-pipeline';
import { planByHand, REGIONS } from './plan';

const PRODUCTION_ACCOUNT = '222222222222';
const CANARY_ALARM = 'orders-production-http-canary-errors';
const WAVE_ALARM = 'orders-production-http-wave-errors';

let pipeline: LocalPipeline;
afterEach(() => pipeline.close());

async function start(behaviour: Partial<Behaviour> = {}): Promise<void> {
  pipeline = await LocalPipeline.start({ plan: planByHand(), behaviour });
}

/** Expects every alias of production to serve version 1 alone. */
function expectAllOnStable(): void {
  const expected = REGIONS.flatMap((region) => ['http', 'queue'].map((key) => [`${region}/${key}`, { 1: 1 }]));
  expect(pipeline.fleet.fleet('PRODUCTION')).toEqual(Object.fromEntries(expected));
}

async function expectEndedRolledBack(): Promise<void> {
  const { holder, stable, releases } = await pipeline.ledger();
  expect(holder).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'ROLLED_BACK' });
  expect(releases['e-1']).toMatchObject({ ended: 'ROLLED_BACK' });
  expect(stable).toBeUndefined();
}

const last = (results: readonly ActionResult[]): ActionResult => results[results.length - 1];

/** Runs `event` that many minutes after the machine has begun the watch of a rollout. */
function during(rollout: string, minutes: number, event: () => void): void {
  let current = '';
  const act = pipeline.runAction.bind(pipeline);
  pipeline.runAction = (action, executionId) => {
    current = action;
    return act(action, executionId);
  };
  let armed = true;
  pipeline.onState = (state, moment) => {
    if (armed && current === rollout && state === 'Watch' && moment === 'before') {
      armed = false;
      pipeline.clock.inMinutes(minutes, event);
    }
    return undefined;
  };
}

/** Finds the running deployment of `http` in a region. */
function running(region: string): Deployment {
  const found = pipeline.world.codedeploy
    .all({ account: PRODUCTION_ACCOUNT, region })
    .find(({ status, group }) => status === 'InProgress' && group.name.endsWith('http'));
  if (!found) {
    throw new Error(`Nothing runs in ${region}`);
  }
  return found;
}

describe('a release that turns bad', () => {
  beforeEach(() => start());

  test('in the canary, by an alarm of one region, returns every region', async () => {
    during('canary', 8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors 4.2 % > 1 %'));
    const results = await pipeline.release('e-1');
    expect(last(results)).toMatchObject({ action: 'canary', failed: true });
    expect(last(results).message).toMatch(/^RolledBack: rolled back to .* in ap-southeast-2, eu-west-1, us-east-1: /);
    expect(last(results).message).toContain('eu-west-1');
    expect(last(results).message).toContain(CANARY_ALARM);
    expectAllOnStable();
    await expectEndedRolledBack();
  });

  test('in wave 2, by a deployment that fails, returns wave 1 as well, and reports the reason', async () => {
    during('Wave2', 3, () => {
      pipeline.world.codedeploy.failDeployment(running('eu-west-1'), 'HOOK_EXECUTION_FAILURE', 'said no');
    });
    const results = await pipeline.release('e-1');
    expect(last(results)).toMatchObject({ action: 'Wave2', failed: true });
    expect(last(results).message).toMatch(/^RolledBack: .*eu-west-1.*http.*HOOK_EXECUTION_FAILURE.*said no/);
    expectAllOnStable();
    await expectEndedRolledBack();
  });

  slow('in a region of an earlier wave, while a later one runs, returns every region', async () => {
    during('Wave2', 3, () => pipeline.fleet.alarm('ap-southeast-2', WAVE_ALARM, 'ALARM', 'errors 4.2 % > 1 %'));
    const results = await pipeline.release('e-1');
    expect(last(results)).toMatchObject({ action: 'Wave2', failed: true });
    expect(last(results).message).toContain('ap-southeast-2');
    expectAllOnStable();
    await expectEndedRolledBack();
  });

  slow('while the last wave bakes returns every wave that had passed', async () => {
    // The alarm keeps firing: it caused the rollback and does not stop it.
    during('Wave3', 9, () => pipeline.fleet.alarm('us-east-1', WAVE_ALARM, 'ALARM', 'errors 4.2 % > 1 %'));
    const results = await pipeline.release('e-1');
    expect(last(results)).toMatchObject({ action: 'Wave3', failed: true });
    expect(last(results).message).toContain('errors 4.2 % > 1 %');
    expectAllOnStable();
    await expectEndedRolledBack();
    const returns = pipeline.world.calls.filter(
      ({ operation, input, at }) =>
        operation === 'CreateDeployment' &&
        String(input.description).startsWith('rollback of') &&
        at > pipeline.clock.now() - 3_600_000,
    );
    expect(returns.map(({ region }) => region).sort()).toEqual([...REGIONS, ...REGIONS].sort());
    expect(returns.every(({ input }) => (input.overrideAlarmConfiguration as { enabled: boolean }).enabled)).toBe(
      false,
    );
  });

  test('in staging returns staging only, and does not reach production', async () => {
    during('staging', 2, () =>
      pipeline.fleet.alarm('staging', 'orders-staging-http-wave-errors', 'ALARM', 'errors 4.2 % > 1 %'),
    );
    const results = await pipeline.release('e-1');
    expect(last(results)).toMatchObject({ action: 'staging', failed: true });
    expect(pipeline.fleet.fleet('STAGING')).toEqual({ 'staging/http': { 1: 1 }, 'staging/queue': { 1: 1 } });
    expectAllOnStable();
    expect((await pipeline.ledger()).holder).toBeUndefined();
  });

  slow('cannot be completed, retried or resumed; the next release can start', async () => {
    during('Wave1', 3, () => pipeline.fleet.alarm('ap-southeast-2', WAVE_ALARM, 'ALARM', 'errors'));
    await pipeline.release('e-1');
    pipeline.fleet.alarm('ap-southeast-2', WAVE_ALARM, 'OK');
    for (const action of ['acquire', 'canary', 'Wave1', 'Wave2', 'complete']) {
      expect(await pipeline.runAction(action, 'e-1')).toMatchObject({ action, failed: true });
    }
    expectAllOnStable();
    expect((await pipeline.release('e-2')).filter(({ failed }) => failed)).toEqual([]);
    expect(pipeline.fleet.shares('us-east-1', 'http')).toEqual({ 3: 1 });
  });
});

describe('a rollback that CodeDeploy refuses in one region', () => {
  beforeEach(() => start());

  /**
   * Turns another region bad in the last wave; from then on CodeDeploy denies an operation in the first wave's region.
   */
  const refuse = (denied: string): void =>
    during('Wave3', 9, () => {
      pipeline.world.faults = ({ service, operation, region }) =>
        service === 'codedeploy' && operation === denied && region === 'ap-southeast-2'
          ? { kind: 'denied' }
          : undefined;
      pipeline.fleet.alarm('us-east-1', WAVE_ALARM, 'ALARM', 'errors 4.2 % > 1 %');
    });

  test('points the alias at stable without CodeDeploy', async () => {
    refuse('CreateDeployment');
    await pipeline.release('e-1');
    expectAllOnStable();
    await expectEndedRolledBack();
  });

  slow(
    'points the alias at stable also if CodeDeploy does not list its deployments, and then reports that gap',
    async () => {
      refuse('ListDeployments');
      expect(last(await pipeline.release('e-1')).message).toMatch(/^RollbackIncomplete: .*ap-southeast-2/);
      expectAllOnStable();
      expect((await pipeline.ledger()).holder).toMatchObject({ state: 'HELD' });
    },
  );
});

describe('a canary that nobody ends', () => {
  test('is never promoted: CodeDeploy itself returns it at the end of its longest interval', async () => {
    await start();
    await pipeline.release('e-1', { to: 'publish production' });
    pipeline.onState = (state, moment) =>
      (state === 'Watch' && moment === 'after') || state === 'Rollback' ? 'kill' : undefined;
    const { machine } = await pipeline.runAction('canary', 'e-1');
    expect(machine?.status).toBe('ABORTED');
    await pipeline.clock.advance(2_870);
    expect(pipeline.fleet.shares('us-east-1', 'http')).toEqual({ 1: 0.92, 2: 0.08 });
    await pipeline.clock.advance(60);
    expectAllOnStable();
    const canary = pipeline.world.codedeploy
      .all({ account: PRODUCTION_ACCOUNT, region: 'us-east-1' })
      .find(({ description }) => description.startsWith('canary'));
    expect(canary).toMatchObject({ status: 'Failed', error: { code: 'HOOK_EXECUTION_FAILURE' } });
  });
});

describe('a region', () => {
  beforeEach(() => start());

  const silence = (minutes: number): void => {
    during('canary', 5, () => {
      const from = pipeline.clock.now();
      pipeline.world.faults = ({ service, region, at }) =>
        service === 'monitoring' && region === 'eu-west-1' && at < from + minutes * 60_000
          ? { kind: 'server-error' }
          : undefined;
    });
  };

  test('whose alarms cannot be read for ten minutes costs a healthy release nothing', async () => {
    silence(10);
    expect((await pipeline.release('e-1', { to: 'canary' })).filter(({ failed }) => failed)).toEqual([]);
  });

  test('that stays silent fails the release, with its name', async () => {
    silence(10_000);
    const results = await pipeline.release('e-1', { to: 'canary' });
    expect(last(results).message).toMatch(/^RolledBack: .*eu-west-1/);
    expectAllOnStable();
  });
});

/** Behaviour that AWS leaves undefined must not decide how a rollout ends. */
const LEFT_OPEN: readonly [string, Partial<Behaviour>][] = [
  ['a rollback shifts as slowly as its deployment', { rollbackShift: 'as-configured' }],
  ['a rollback honours the alarm that fires', { rollbackHonoursAlarms: true }],
  ['a stop takes effect later', { stopAnswers: 'Pending', stopSeconds: 40 }],
  ['alarms are checked once in two minutes', { alarmPollSeconds: 120 }],
  ['CodeDeploy cannot read the alarms once', { throttledPollSeconds: 600 }],
  ['deployments start and finish slowly', { startSeconds: 90, finishSeconds: 90 }],
  ['lists are in another order, and late', { listOrder: 'oldest-first', listLagSeconds: 20 }],
  ['aliases are read late', { aliasLagSeconds: 20 }],
  ['the version that is served is not checked', { currentVersionChecked: false }],
  ['equal versions are refused at once', { equalVersions: 'create-refuses' }],
];

describe.each(sample(LEFT_OPEN, 1))('if %s,', (_what, behaviour) => {
  beforeEach(() => start(behaviour));

  test('an alarm in the canary returns every region', async () => {
    during('canary', 8, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors'));
    expect(last(await pipeline.release('e-1'))).toMatchObject({ action: 'canary', failed: true });
    expectAllOnStable();
    await expectEndedRolledBack();
  });

  test('a healthy canary passes, and an alarm in wave 2 returns every region', async () => {
    during('Wave2', 3, () => pipeline.fleet.alarm('eu-west-1', WAVE_ALARM, 'ALARM', 'errors'));
    expect(last(await pipeline.release('e-1'))).toMatchObject({ action: 'Wave2', failed: true });
    expectAllOnStable();
    await expectEndedRolledBack();
  });
});

import type { Outcome } from '../../../lib/rollout/state';
import { RELEASE, ReleaseWorld } from './release-world';

let world: ReleaseWorld;
let started: Outcome;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  await world.ready();
  started = await world.until('start', 'canary');
  await world.world.clock.advance(1);
});
afterEach(() => world.close());

test('reads the deployments and the alarms of each environment once, and the ledger once', async () => {
  const { handler } = world.load('watch');
  await handler(world.state('canary', started));
  const before = world.world.calls.length;
  expect(await handler(world.state('canary', started))).toMatchObject({
    next: 'WATCH',
    reason: 'canary: 1 of 1440 min observed',
    deployments: started.deployments,
  });
  const calls = world.world.calls.slice(before).map(({ operation, region }) => `${region} ${operation}`);
  expect(calls.sort()).toEqual([
    'eu-west-1 BatchGetDeployments',
    'eu-west-1 DescribeAlarms',
    'us-east-1 BatchGetDeployments',
    'us-east-1 DescribeAlarms',
    'us-west-2 GetItem',
  ]);
});

test('settles after the traffic cycle', async () => {
  await world.world.clock.advance(1_439);
  expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'SETTLE' });
});

test('rolls back on an alarm, with its region, its function and its reason', async () => {
  world.fleet.alarm('us-east-1', 'orders-production-worker-canary-errors', 'ALARM', 'errors 12 > 5');
  const { next, reason } = await world.call('watch', 'canary', started);
  expect(next).toBe('ROLLBACK');
  expect(reason).toContain('us-east-1/worker alarm orders-production-worker-canary-errors: errors 12 > 5');
  expect(reason).toContain('ALARM_ACTIVE');
});

const endOne = (code: string): void => {
  const [deployment] = world.deployments('eu-west-1').filter(({ status }) => status === 'InProgress');
  world.world.codedeploy.failDeployment(deployment, code, 'something broke');
};

test('rolls back on a deployment that a hook ended', async () => {
  endOne('HOOK_EXECUTION_FAILURE');
  expect(await world.call('watch', 'canary', started)).toMatchObject({
    next: 'ROLLBACK',
    reason: expect.stringContaining('Failed, HOOK_EXECUTION_FAILURE: something broke'),
  });
});

test('has a deployment started again that CodeDeploy ended by itself, and keeps the observed time', async () => {
  await world.world.clock.advance(30);
  endOne('INTERNAL_ERROR');
  const { next, reason, observedMinutes } = await world.call('watch', 'canary', started);
  expect(next).toBe('START');
  expect(reason).toContain('Failed, INTERNAL_ERROR: something broke');
  expect(observedMinutes).toBe(31);
});

test('joins the deployments in which another machine of the same canary goes on', async () => {
  endOne('MANUAL_STOP');
  expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'ROLLBACK' });
  const { canary } = await world.rollouts();
  await world.ledger.recordRollout(RELEASE, 'canary', { ...canary, attempt: 2, observedMinutes: 2_820 }, 1);
  expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'START' });
});

test.each(['codedeploy', 'monitoring', 'sts'])(
  'ten minutes without %s in one region do not roll back',
  async (service) => {
    world.fail(({ region, service: of }) => region === 'us-east-1' && of === service, { kind: 'server-error' });
    let last = started;
    for (let minute = 0; minute < 10; minute++) {
      last = await world.call('watch', 'canary', last);
      expect(last).toMatchObject({ next: 'WATCH', silentSince: { 'us-east-1': expect.any(String) } });
      await world.world.clock.advance(1);
    }
    world.heal();
    expect(await world.call('watch', 'canary', last)).toMatchObject({ next: 'WATCH', silentSince: {} });
  },
);

test('more than fifteen do', async () => {
  world.fail(({ region }) => region === 'us-east-1', { kind: 'denied' });
  const last = await world.call('watch', 'canary', started);
  await world.world.clock.advance(16);
  expect(await world.call('watch', 'canary', last)).toMatchObject({
    next: 'ROLLBACK',
    reason: expect.stringContaining('no answer for more than 15 min from us-east-1'),
  });
});

test('sees a failure although another region is silent', async () => {
  world.fail(({ region }) => region === 'eu-west-1', { kind: 'throttled' });
  world.fleet.alarm('us-east-1', 'orders-production-api-canary-errors', 'ALARM');
  expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'ROLLBACK' });
});

test('ends when the release is being rolled back, or has ended', async () => {
  await world.ledger.markRollingBack(RELEASE, world.world.clock.iso(), 'errors');
  expect(await world.call('watch', 'canary', started)).toMatchObject({
    next: 'ROLLBACK',
    reason: expect.stringContaining('canary: release e-1 is not under way: being rolled back since 2026-'),
  });
});

test('goes on when the ledger cannot be read', async () => {
  world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
  expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'WATCH' });
});

describe('beside another machine of the same rollout', () => {
  beforeEach(async () => {
    await world.world.clock.advance(1_440);
    await world.call('settle', 'canary', started);
    await world.world.clock.advance(1);
  });

  test('an end of the canary by that machine is no failure', async () => {
    expect(world.deployments('eu-west-1').some(({ status }) => status === 'Stopped')).toBe(true);
    expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'SETTLE' });
  });

  test('an end of the canary is a failure without the ledger: the rollback reads the ledger itself', async () => {
    world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
    expect(await world.call('watch', 'canary', started)).toMatchObject({ next: 'ROLLBACK' });
  });
});

test('without deployments to watch it is an error, not a success', async () => {
  await expect(world.call('watch', 'canary', { next: 'WATCH', reason: 'x' })).rejects.toThrow(
    'state.outcome must have startedAt and deployments',
  );
});

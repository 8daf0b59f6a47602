import type { Outcome } from '../../../lib/rollout/state';
import { ReleaseWorld } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  await world.ready();
});
afterEach(() => world.close());

/** Starts a rollout and waits until it has shifted. */
async function shifted(rollout: string): Promise<Outcome> {
  const started = await world.until('start', rollout);
  await world.world.clock.advance(60);
  return { ...started, next: 'SETTLE' };
}

const stops = () => world.operations().filter((operation) => operation === 'StopDeployment').length;

describe('a canary', () => {
  test('returns to stable everywhere, and has passed', async () => {
    const watched = await shifted('canary');
    expect(world.serving('eu-west-1', 'us-east-1')).toEqual({ 1: 0.92, 2: 0.08 });
    const outcome = await world.until('settle', 'canary', watched);
    expect(outcome).toMatchObject({
      next: 'DONE',
      reason: 'canary has passed: observed to its end and returned to stable',
    });
    expect(world.serving('eu-west-1', 'us-east-1')).toEqual({ 1: 1 });
    expect(await world.rollouts()).toMatchObject({ canary: { state: 'PASSED', shifted: true, attempt: 1 } });
  });

  test('records that it settles before it stops anything', async () => {
    const watched = await shifted('canary');
    await world.call('settle', 'canary', watched);
    const operations = world.operations();
    expect(operations.indexOf('StopDeployment')).toBeGreaterThan(operations.lastIndexOf('UpdateItem'));
    expect(await world.rollouts()).toMatchObject({ canary: { state: 'STARTED', settlingSince: expect.any(String) } });
  });

  test('is stopped once, however often Settle runs', async () => {
    const watched = await shifted('canary');
    await world.until('settle', 'canary', watched);
    expect(await world.until('settle', 'canary', watched)).toMatchObject({ next: 'DONE' });
    expect(stops()).toBe(4);
  });

  test.each([
    ['the answer to the stop is lost', { kind: 'no-answer', effect: true }],
    ['the stop is throttled', { kind: 'throttled' }],
  ] as const)('settles although %s', async (_name, fault) => {
    const watched = await shifted('canary');
    let failures = 0;
    world.world.faults = ({ operation, region }) =>
      operation === 'StopDeployment' && region === 'eu-west-1' && failures++ < 6 ? fault : undefined;
    expect(await world.until('settle', 'canary', watched)).toMatchObject({ next: 'DONE' });
    expect(failures).toBeGreaterThan(1);
    expect(world.serving('eu-west-1', 'us-east-1')).toEqual({ 1: 1 });
  });

  test('that an alarm stopped at the last moment is rolled back', async () => {
    const watched = await shifted('canary');
    world.fleet.alarm('eu-west-1', 'orders-production-api-canary-errors', 'ALARM', '7 > 1');
    expect(await world.until('settle', 'canary', watched)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('eu-west-1/api deployment'),
    });
    expect(await world.rollouts()).toMatchObject({ canary: { state: 'STARTED' } });
  });

  test('of a region that stays silent is rolled back after half an hour', async () => {
    const watched = await shifted('canary');
    world.fail(({ region }) => region === 'us-east-1', { kind: 'denied' });
    const began = world.world.clock.now();
    expect(await world.until('settle', 'canary', watched)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('us-east-1/api: AccessDenied'),
    });
    expect((world.world.clock.now() - began) / 60_000).toBe(30);
  });

  test('keeps its state while it waits', async () => {
    const watched = await shifted('canary');
    expect(await world.call('settle', 'canary', watched)).toMatchObject({
      next: 'WAIT',
      deployments: watched.deployments,
      startedAt: watched.startedAt,
    });
  });

  test('of a release that does not hold production any more is not settled', async () => {
    const watched = await shifted('canary');
    const holder = await world.ledger.holder();
    const next = {
      executionId: 'e-2',
      commit: 'b',
      token: 2,
      acquiredAt: world.world.clock.iso(),
      state: 'HELD' as const,
    };
    await world.ledger.transferLock(holder, next);
    expect(await world.call('settle', 'canary', watched)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('held by release e-2'),
    });
    expect(stops()).toBe(0);
  });

  test('of a release that is being rolled back is not settled', async () => {
    const watched = await shifted('canary');
    await world.ledger.markRollingBack('e-1', world.world.clock.iso(), 'errors');
    expect(await world.call('settle', 'canary', watched)).toMatchObject({ next: 'ROLLBACK' });
  });
});

describe('a canary whose traffic cycle is longer than a deployment', () => {
  const LONG = { renews: true, observedMinutes: 2_820, attempt: 1 };

  test('returns, and goes on as the next attempt with the observed time', async () => {
    const watched = { ...(await shifted('canary')), ...LONG };
    const outcome = await world.until('settle', 'canary', watched);
    expect(outcome).toMatchObject({ next: 'START', reason: expect.stringContaining('2820 of 1440 min observed') });
    expect(world.serving('eu-west-1', 'us-east-1')).toEqual({ 1: 1 });
    const { canary } = await world.rollouts();
    expect(canary).toMatchObject({ state: 'STARTED', attempt: 2, observedMinutes: 2_820 });
    expect(canary.settlingSince).toBeUndefined();
    const started = await world.until('start', 'canary', outcome);
    expect(started).toMatchObject({ next: 'WATCH', attempt: 2, observedMinutes: 2_820 });
    await world.world.clock.advance(1);
    expect(world.serving('eu-west-1', 'us-east-1')).toEqual({ 1: 0.92, 2: 0.08 });
  });

  test('does not go on twice when the answer of Settle was lost', async () => {
    const watched = { ...(await shifted('canary')), ...LONG };
    await world.until('settle', 'canary', watched);
    expect(await world.call('settle', 'canary', watched)).toMatchObject({ next: 'START' });
    expect(await world.rollouts()).toMatchObject({ canary: { attempt: 2 } });
  });

  test('does not pass because another machine takes its observation for complete', async () => {
    const watched = await shifted('canary');
    await world.call('settle', 'canary', { ...watched, ...LONG });
    const other = { ...watched, attempt: 1, observedMinutes: 100 };
    expect(await world.until('settle', 'canary', other)).toMatchObject({ next: 'START' });
    expect(await world.rollouts()).toMatchObject({ canary: { state: 'STARTED', attempt: 2 } });
  });
});

describe('a wave', () => {
  beforeEach(async () => {
    await world.call('start', 'canary');
    await world.record('canary', 'PASSED');
  });

  test('stays on the candidate, and has passed', async () => {
    const watched = await shifted('Wave1');
    expect(await world.call('settle', 'Wave1', watched)).toMatchObject({
      next: 'DONE',
      reason: 'Wave1 has passed: all traffic is on the candidate',
    });
    expect(world.serving('eu-west-1')).toEqual({ 2: 1 });
    expect(world.serving('us-east-1')).toEqual({ 1: 1 });
    expect(stops()).toBe(0);
  });

  test('that has not arrived waits, and is then rolled back', async () => {
    const watched = await shifted('Wave1');
    world.fleet.function('eu-west-1', 'worker').setAlias('live', '1');
    expect(await world.until('settle', 'Wave1', watched)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('eu-west-1/worker serves version 1 instead of version 2'),
    });
  });

  test('does not pass when somebody has returned a target of an earlier wave', async () => {
    await world.until('settle', 'Wave1', await shifted('Wave1'));
    const watched = await shifted('Wave2');
    world.fleet.function('eu-west-1', 'api').setAlias('live', '1');
    expect(await world.until('settle', 'Wave2', watched)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('eu-west-1/api serves version 1 instead of version 2'),
    });
  });
});

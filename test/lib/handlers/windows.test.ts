import type { RolloutPlan } from '../../../lib/plan/rollout-plan';
import type { Outcome } from '../../../lib/rollout/state';
import { examplePlan } from '../rollout/example';
import { RELEASE, ReleaseWorld } from './release-world';

/** The world begins on Monday, 2 March 2026, at 10:00 in Berlin. */
const AFTERNOON = { cron: '* 13-16 * * 1-5', timeZone: 'Europe/Berlin' };
const NOON = '2026-03-02T12:00:00.000Z';

let world: ReleaseWorld;
afterEach(() => world.close());

async function start(change: Partial<RolloutPlan> = {}, windows: readonly string[] = ['Wave2']): Promise<void> {
  const plan = examplePlan();
  const waiting = windows.map((name) => [name, { ...plan.rollouts[name], window: AFTERNOON }]);
  world = await ReleaseWorld.start(true, {
    ...plan,
    rollouts: { ...plan.rollouts, ...Object.fromEntries(waiting) },
    ...change,
  });
  await world.ready();
  await world.record('staging', 'PASSED');
  // Records the revisions that production serves.
  await world.until('start', 'canary');
  await world.record('canary', 'PASSED');
}

/** Wave1 has passed: eu-west-1 serves the candidate. */
async function wave1Passed(): Promise<void> {
  await world.record('Wave1', 'PASSED');
}

describe('a wave whose window is closed', () => {
  test('waits until it opens, under watch, and no deployment is made', async () => {
    await start();
    await wave1Passed();
    const before = world.world.calls.length;
    expect(await world.call('collect', 'Wave2')).toEqual({
      next: 'WATCH',
      reason: 'Wave2 waits for its window "* 13-16 * * 1-5" in Europe/Berlin until Mon 2026-03-02 13:00 Europe/Berlin',
      waitsUntil: NOON,
    });
    expect(world.operations(before)).not.toContain('CreateDeployment');
  });

  test('is watched with the alarms of the earlier waves only, minute by minute, and then starts', async () => {
    await start();
    await wave1Passed();
    let outcome = await world.call('collect', 'Wave2');
    const before = world.world.calls.length;
    outcome = await world.call('watch', 'Wave2', outcome);
    expect(outcome).toMatchObject({ next: 'WATCH', waitsUntil: NOON });
    const asked = world.world.calls.slice(before).filter(({ service }) => service === 'monitoring');
    expect(asked.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect(world.operations(before)).not.toContain('BatchGetDeployments');
    await world.world.clock.advance((Date.parse(NOON) - world.world.clock.now()) / 60_000);
    expect(await world.call('watch', 'Wave2', outcome)).toMatchObject({ next: 'START' });
  });

  test('rolls back when one of them fires', async () => {
    await start();
    await wave1Passed();
    const outcome = await world.call('collect', 'Wave2');
    world.fleet.alarm('eu-west-1', 'orders-production-api-wave-errors', 'ALARM', 'errors 9 % > 2 %');
    expect(await world.call('watch', 'Wave2', outcome)).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('eu-west-1/api alarm orders-production-api-wave-errors: errors 9 % > 2 %'),
    });
  });

  test('ends its wait when the release is being rolled back', async () => {
    await start();
    await wave1Passed();
    const outcome = await world.call('collect', 'Wave2');
    await world.ledger.markRollingBack(RELEASE, world.world.clock.iso(), 'errors');
    expect(await world.call('watch', 'Wave2', outcome)).toMatchObject({ next: 'ROLLBACK' });
  });

  test('does not wait once it has started: a machine that was started twice goes on', async () => {
    await start();
    await wave1Passed();
    await world.record('Wave2', 'STARTED');
    expect(await world.call('collect', 'Wave2')).toMatchObject({ next: 'DONE' });
  });

  test('does not wait before a refusal: a wave before it has not passed', async () => {
    await start();
    expect(await world.call('collect', 'Wave2')).toMatchObject({ next: 'DONE' });
    expect(await world.call('start', 'Wave2')).toMatchObject({
      next: 'REFUSED',
      reason: expect.stringContaining('Wave2 may run only after Wave1'),
    });
  });

  test('does not wait when it has nothing to shift', async () => {
    const plan = examplePlan();
    const rollouts = { ...plan.rollouts, Wave1: { ...plan.rollouts.Wave1, window: AFTERNOON } };
    world = await ReleaseWorld.start(false, { ...plan, rollouts });
    await world.ready();
    expect(await world.until('start', 'canary')).toMatchObject({ next: 'DONE' });
    expect(await world.call('collect', 'Wave1')).toMatchObject({ next: 'DONE' });
    expect(await world.call('start', 'Wave1')).toMatchObject({
      next: 'DONE',
      reason: expect.stringContaining('nothing to do'),
    });
  });
});

test('a wave whose window is open begins', async () => {
  await start();
  await wave1Passed();
  await world.world.clock.advance((Date.parse(NOON) - world.world.clock.now()) / 60_000);
  expect(await world.call('collect', 'Wave2')).toMatchObject({ next: 'DONE' });
});

describe('a release whose schedule meets a blackout', () => {
  const blackouts = [{ from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z', reason: 'elections' }];
  const DATES =
    /Mon 2026-03-02 \d\d:\d\d UTC.*that meets the blackout from Tue 2026-03-03 00:00 UTC to Wed 2026-03-04 00:00 UTC \(elections\)$/;
  const refused = async (rollout: string): Promise<Outcome> => world.call('collect', rollout);

  test('refuses the canary, with the dates', async () => {
    world = await ReleaseWorld.start(true, { ...examplePlan(), blackouts });
    await world.hold();
    const { next, reason } = await refused('canary');
    expect(next).toBe('REFUSED');
    expect(reason).toMatch(/^canary cannot start: canary would begin /);
    expect(reason).toMatch(DATES);
  });

  test('refuses the first wave, whose stage may be retried: nothing has moved', async () => {
    await start({ blackouts });
    const { next, reason } = await refused('Wave1');
    expect(next).toBe('REFUSED');
    expect(reason).toMatch(DATES);
  });

  test('rolls back when earlier waves have moved: the fleet must not be left split over it', async () => {
    await start({ blackouts: [{ from: '2026-03-02T10:00:00Z', to: '2026-03-04T00:00:00Z' }] });
    await wave1Passed();
    expect(await refused('Wave2')).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringMatching(/^Wave2 cannot start: .*that meets the blackout from Mon 2026-03-02 10:00 UTC/),
    });
  });
});

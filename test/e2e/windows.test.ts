import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { slow } from '../helpers/sample';
import { type ActionResult, LocalPipeline } from './local-pipeline';
import { planByHand } from './plan';

jest.setTimeout(180_000);

const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
const WAVE_ALARM = 'orders-production-http-wave-errors';

let pipeline: LocalPipeline;
afterEach(() => pipeline.close());

/** Starts a world at this moment; Wave2 has business hours. */
async function startAt(moment: string, change: Partial<RolloutPlan> = {}): Promise<void> {
  const plan = planByHand();
  const rollouts = { ...plan.rollouts, Wave2: { ...plan.rollouts.Wave2, window: OFFICE } };
  pipeline = await LocalPipeline.start({ plan: { ...plan, rollouts, ...change } });
  await pipeline.clock.advance((Date.parse(moment) - pipeline.clock.now()) / 60_000);
}

const last = (results: readonly ActionResult[]): ActionResult => results[results.length - 1];
const fleet = () => Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares));
const served = () => [...new Set(fleet())];
const operations = (name: string) => pipeline.world.calls.filter(({ operation }) => operation === name);
const deploymentsOf = (wave: string, region: string) =>
  pipeline.world.codedeploy
    .all(pipeline.fleet.plan.environments[region])
    .filter(({ description }) => description.startsWith(`wave ${wave}`));

// It is Friday, half past four in Berlin: the canary and the first wave pass, and then it is evening.
const FRIDAY = '2026-03-06T15:30:00Z';

slow('a wave waits over the weekend for its window, while the first wave’s regions stay watched', async () => {
  await startAt(FRIDAY);
  expect((await pipeline.release('e-1', { to: 'Wave1' })).filter(({ failed }) => failed)).toEqual([]);
  const waitsFrom = pipeline.clock.now();
  const seen = new Set<string>();
  let watched = 0;
  pipeline.clock.inMinutes(24 * 60, () => {
    seen.add(fleet().join(' '));
    watched = operations('DescribeAlarms').filter(
      ({ region, at }) => region === 'ap-southeast-2' && at > waitsFrom,
    ).length;
  });
  const [wave2, ...rest] = await pipeline.release('e-1', { from: 'Wave2' });
  expect([wave2, ...rest].filter(({ failed }) => failed)).toEqual([]);
  expect(served()).toEqual(['{"2":1}']);

  // On Saturday the first wave's region alone serves the candidate, and it was watched every minute.
  expect([...seen]).toEqual(['{"2":1} {"2":1} {"1":1} {"1":1} {"1":1} {"1":1}']);
  expect(watched).toBeGreaterThan(23 * 60);
  const [first] = deploymentsOf('Wave2', 'eu-west-1');
  expect(new Date(first.createdAt).toISOString()).toMatch(/^2026-03-09T08:0[0-2]/);
  // A leg of the watch never runs longer than twelve hours.
  expect(wave2.machine?.legs.length).toBeGreaterThan(5);
  expect(Math.max(...(wave2.machine?.legs ?? []))).toBeLessThan(20_000);
});

slow('an alarm that fires in the first wave’s region during the wait rolls everything back', async () => {
  await startAt(FRIDAY);
  await pipeline.release('e-1', { to: 'Wave1' });
  pipeline.clock.inMinutes(10 * 60, () =>
    pipeline.fleet.alarm('ap-southeast-2', WAVE_ALARM, 'ALARM', 'errors 9 % > 2 %'),
  );
  const [wave2, ...rest] = await pipeline.release('e-1', { from: 'Wave2' });
  expect(rest).toEqual([]);
  expect(wave2).toMatchObject({ action: 'Wave2', failed: true });
  expect(wave2.message).toMatch(
    /^RolledBack: rolled back to .*: Wave2: ap-southeast-2\/http alarm orders-production-http-wave-errors: errors 9 % > 2 %/,
  );
  expect(served()).toEqual(['{"1":1}']);
  expect(deploymentsOf('Wave2', 'eu-west-1')).toEqual([]);
  expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
});

test('an ordered rollback during the wait waits for no window', async () => {
  await startAt(FRIDAY);
  await pipeline.release('e-1', { to: 'Wave1' });
  let rolledBack: Promise<{ readonly error?: string }> | undefined;
  pipeline.clock.inMinutes(60, () => {
    rolledBack = pipeline.rollback({ rollback: true, executionId: 'e-1', because: 'requested by Ada' });
  });
  expect(last(await pipeline.release('e-1', { from: 'Wave2' })).failed).toBe(true);
  expect(await rolledBack).toMatchObject({ error: 'RolledBack' });
  expect(served()).toEqual(['{"1":1}']);
  expect(pipeline.clock.iso()).toMatch(/^2026-03-06T1[78]/);
});

describe('a blackout', () => {
  const blackouts = [{ from: '2026-03-07T00:00:00Z', to: '2026-03-08T00:00:00Z', reason: 'elections' }];

  test('in the release’s schedule refuses the release before anything is published or held', async () => {
    await startAt(FRIDAY, { blackouts });
    const publishes = () => operations('PublishVersion').filter(({ account }) => account === '222222222222').length;
    const before = publishes();
    const refused = last(await pipeline.release('e-1'));
    expect(refused).toMatchObject({ action: 'acquire', failed: true });
    expect(refused.message).toMatch(
      /^Release e-1 must not begin now: canary would begin Fri 2026-03-06 15:\d\d UTC, and Wave3 end Mon 2026-03-09 08:22 UTC \(Wave2 would wait for its window "\* 9-16 \* \* 1-5" in Europe\/Berlin until Mon 2026-03-09 09:00 Europe\/Berlin\): that meets the blackout from Sat 2026-03-07 00:00 UTC to Sun 2026-03-08 00:00 UTC \(elections\)\. Nothing was published\./,
    );
    expect(publishes()).toBe(before);
    expect((await pipeline.ledger()).holder).toBeUndefined();
    expect(['UpdatePipeline', 'Canary'].map((stage) => pipeline.transition(stage).enabled)).toEqual([true, true]);

    // After the blackout the same release may continue from its refusal.
    await pipeline.clock.advance((Date.parse('2026-03-09T09:00:00Z') - pipeline.clock.now()) / 60_000);
    expect((await pipeline.release('e-1', { from: 'acquire' })).filter(({ failed }) => failed)).toEqual([]);
    expect(served()).toEqual(['{"2":1}']);
  });

  test('that has come near during the publish refuses the canary, and nothing shifts', async () => {
    await startAt('2026-03-06T08:00:00Z', { blackouts });
    await pipeline.release('e-1', { to: 'publish production' });
    await pipeline.clock.advance(15 * 60 + 30);
    const refused = last(await pipeline.release('e-1', { from: 'canary' }));
    expect(refused).toMatchObject({ action: 'canary', failed: true });
    expect(refused.message).toMatch(/^Refused: canary cannot start: canary would begin .* that meets the blackout/);
    expect(served()).toEqual(['{"1":1}']);
  });

  test('that a late wave would meet rolls the release back, because others have moved', async () => {
    await startAt('2026-03-06T08:00:00Z', { blackouts });
    await pipeline.release('e-1', { to: 'Wave1' });
    // A person has held the pipeline between two waves, until Friday night. No pipeline is as late as this, so the
    // first wave's deadline is switched off.
    pipeline.world.scheduler.onFire = () => undefined;
    await pipeline.clock.advance(8 * 60);
    const [wave2] = await pipeline.release('e-1', { from: 'Wave2' });
    expect(wave2.message).toMatch(/^RolledBack: .*Wave2 cannot start: Wave2 would begin .* that meets the blackout/);
    expect(served()).toEqual(['{"1":1}']);
  });
});

test('a release that would not end within seven days is refused, with the window that it would wait for', async () => {
  const monthly = { cron: '0 9 1 * *', timeZone: 'UTC' };
  const { rollouts } = planByHand();
  await startAt(FRIDAY, { rollouts: { ...rollouts, Wave3: { ...rollouts.Wave3, window: monthly } } });
  const refused = last(await pipeline.release('e-1'));
  expect(refused).toMatchObject({ action: 'acquire', failed: true });
  expect(refused.message).toMatch(
    /Wave3 would wait for its window "0 9 1 \* \*" in UTC until Wed 2026-04-01 09:00 UTC\): 618 h from .*, but at most 165 h are allowed/,
  );
  expect((await pipeline.ledger()).holder).toBeUndefined();
});

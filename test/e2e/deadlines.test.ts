import { sample, slow } from '../helpers/sample';
import { fleetOf } from './fleet';
import { LocalPipeline } from './local-pipeline';
import { planByHand } from './plan';

jest.setTimeout(120_000);

let pipeline: LocalPipeline;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
});
afterEach(() => pipeline.close());

const fleet = () => fleetOf(pipeline);

/** Kills the machine of a rollout after some of its rounds, and informs nothing else, not even the safety net. */
async function killed(rollout: string, state = 'Watch', rounds = 3): Promise<void> {
  const { actions } = pipeline;
  await pipeline.release('e-1', { to: actions[actions.indexOf(rollout) - 1] });
  let seen = 0;
  pipeline.onState = (entered, moment, execution) => {
    if (execution !== `e-1-${rollout}`) return undefined;
    if (entered === state && moment === 'after') seen++;
    return seen >= rounds ? 'kill' : undefined;
  };
  const { machine } = await pipeline.runAction(rollout, 'e-1');
  expect(machine?.status).toBe('ABORTED');
}

const DAY = 24 * 60;

const ROLLOUTS: readonly [string, string, object | undefined][] = [
  ['the canary', 'canary', { 1: 0.92, 2: 0.08 }],
  ['the first wave', 'Wave1', undefined],
  ['the last wave', 'Wave3', undefined],
];

describe.each(sample(ROLLOUTS, 1))('a release whose machine is killed for good in %s', (_what, rollout, split) => {
  test('is rolled back at its deadline, in every region, with a notice to the team', async () => {
    await killed(rollout);
    if (split) expect(fleet()).toEqual(split);
    expect(fleet()).not.toEqual({ 1: 1 });
    const [deadline] = pipeline.deadlines;
    const [rolledBack] = await pipeline.stands(DAY);
    expect(rolledBack).toMatchObject({
      status: 'FAILED',
      error: 'RolledBack',
      cause: expect.stringContaining(
        `the deadline of ${rollout} has passed: it had to be over by ${deadline.slice(0, 16)}`,
      ),
    });
    expect(fleet()).toEqual({ 1: 1 });
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'ROLLED_BACK' });
    expect(pipeline.notices.at(-1)).toBe('rolled back');
    expect(pipeline.deadlines).toEqual([]);
  });
});

test('a release whose machine is killed before its first wave begins is left alone, and its stage may be retried', async () => {
  await killed('Wave1', 'Collect', 1);
  expect(pipeline.deadlines).toHaveLength(1);
  expect((await pipeline.stands(DAY))[0]).toMatchObject({
    status: 'SUCCEEDED',
    output: { next: 'NOTHING', reason: expect.stringContaining('no traffic is on the candidate of release e-1') },
  });
  pipeline.onState = undefined;
  expect(await pipeline.runAction('Wave1', 'e-1')).toMatchObject({ failed: false });
});

test('a release that has completed leaves no deadline', async () => {
  const seen = new Set<string>();
  pipeline.onState = (state) => {
    if (state === 'Settle' && pipeline.deadlines.length > 0) seen.add(pipeline.deadlines.join());
    return undefined;
  };
  await pipeline.release('e-1');
  // One deadline exists at a time, and each rollout sets a later one.
  expect([...seen]).toHaveLength(4);
  expect([...seen].join()).toBe([...seen].toSorted().join());
  expect(pipeline.deadlines).toEqual([]);
  expect(await pipeline.stands(8 * DAY)).toEqual([]);
});

slow('a release that was rolled back, or stopped before anything had shifted, leaves no deadline', async () => {
  pipeline.onState = (state, moment) => {
    if (state === 'Watch' && moment === 'before') {
      pipeline.fleet.alarm('eu-west-1', 'orders-production-http-canary-errors', 'ALARM', 'errors');
    }
    return undefined;
  };
  await pipeline.release('e-1');
  expect(fleet()).toEqual({ 1: 1 });
  expect(pipeline.deadlines).toEqual([]);
});

slow('a release that waits between its canary and its waves is left alone, however long it waits', async () => {
  await pipeline.release('e-1', { to: 'canary' });
  expect(pipeline.deadlines).toHaveLength(1);
  const [passed, ...others] = await pipeline.stands(3 * DAY);
  expect(passed).toMatchObject({
    status: 'SUCCEEDED',
    output: { next: 'NOTHING', reason: expect.stringContaining('no traffic is on the candidate of release e-1') },
  });
  expect(others).toEqual([]);
  expect((await pipeline.release('e-1', { from: 'Wave1' })).filter(({ failed }) => failed)).toEqual([]);
  expect(fleet()).toEqual({ 2: 1 });
});

test('a release that is taken over leaves no deadline', async () => {
  await pipeline.release('e-1', { to: 'canary' });
  pipeline.setStatus('e-1', 'Failed');
  pipeline.transition('Canary').enabled = true;
  await pipeline.release('e-2', { from: 'acquire', to: 'acquire' });
  expect(pipeline.deadlines).toEqual([]);
});

test('a rollout that is retried gets a new deadline in place of the old one', async () => {
  await killed('canary');
  const [first] = pipeline.deadlines;
  await pipeline.clock.advance(30);
  pipeline.onState = undefined;
  expect(await pipeline.runAction('canary', 'e-1')).toMatchObject({ failed: false });
  expect(pipeline.deadlines).toHaveLength(1);
  expect(Date.parse(pipeline.deadlines[0]) - Date.parse(first)).toBeGreaterThanOrEqual(30 * 60_000);
});

slow('a wave that is killed while it waits for its window has its deadline counted from the window on', async () => {
  await pipeline.close();
  const plan = planByHand();
  const window = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
  const rollouts = { ...plan.rollouts, Wave2: { ...plan.rollouts.Wave2, window } };
  pipeline = await LocalPipeline.start({ plan: { ...plan, rollouts } });
  // It is Friday, half past four in Berlin; after the first wave it is evening.
  await pipeline.clock.advance((Date.parse('2026-03-06T15:30:00Z') - pipeline.clock.now()) / 60_000);
  await killed('Wave2');
  const [deadline] = pipeline.deadlines;
  expect(deadline > '2026-03-09T08:00').toBe(true);
  expect(deadline < '2026-03-09T18:00').toBe(true);
  expect((await pipeline.stands(4 * DAY))[0]).toMatchObject({ error: 'RolledBack' });
  expect(fleet()).toEqual({ 1: 1 });
});

describe('if Scheduler', () => {
  const away = (until: number): void => {
    pipeline.world.faults = ({ service, at }) =>
      service === 'scheduler' && at < until ? { kind: 'server-error' } : undefined;
  };

  test('is away for ten minutes, a healthy release completes', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    away(pipeline.clock.now() + 10 * 60_000);
    expect((await pipeline.release('e-1', { from: 'canary' })).filter(({ failed }) => failed)).toEqual([]);
    expect(fleet()).toEqual({ 2: 1 });
  });

  test('never answers, the canary is refused, and nothing has moved', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    away(Number.POSITIVE_INFINITY);
    const result = await pipeline.runAction('canary', 'e-1');
    expect(result).toMatchObject({ failed: true, message: expect.stringMatching(/^Refused: .*InternalFailure/) });
    expect(fleet()).toEqual({ 1: 1 });
    expect(pipeline.world.calls.filter(({ operation }) => operation === 'StopDeployment')).toEqual([]);
  });

  slow('never answers from the second wave on, the release is rolled back', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    away(Number.POSITIVE_INFINITY);
    expect((await pipeline.runAction('Wave2', 'e-1')).message).toMatch(/^RolledBack: /);
    expect(fleet()).toEqual({ 1: 1 });
  });

  slow('cannot delete a deadline, the release completes all the same, and the deadline does nothing', async () => {
    pipeline.world.faults = ({ operation }) => (operation === 'DeleteSchedule' ? { kind: 'denied' } : undefined);
    expect((await pipeline.release('e-1')).filter(({ failed }) => failed)).toEqual([]);
    expect(pipeline.deadlines).toHaveLength(1);
    const [late] = await pipeline.stands(DAY);
    expect(late).toMatchObject({ status: 'SUCCEEDED', output: { next: 'NOTHING' } });
    expect(fleet()).toEqual({ 2: 1 });
  });
});

import fc from 'fast-check';
import { acquire, type ExecutionStatus } from '../../../lib/ledger/acquire';
import { checkHolder } from '../../../lib/ledger/check-holder';
import { complete, endRolledBack } from '../../../lib/ledger/end';
import type { Release } from '../../../lib/ledger/items';
import { Ledger } from '../../../lib/ledger/ledger';
import { published } from '../../helpers/revisions';
import { type LocalLedger, localLedger } from './table';

const AT = '2026-03-02T10:00:00.000Z';
const REVISION = published('orders-api', '4');
const record = (state: 'STARTED' | 'PASSED') => ({ state, reason: 'because', at: AT, attempt: 1, shifted: true });

let local: LocalLedger;
beforeEach(async () => {
  local = await localLedger();
});
afterEach(() => local.close());

const statusOf =
  (status: string): ExecutionStatus =>
  async () =>
    status;
const acquireAs = (executionId: string, status = 'InProgress', ledger = local.ledger) =>
  acquire(ledger, { executionId, commit: `commit of ${executionId}` }, statusOf(status));

async function releaseOf(executionId: string): Promise<Release> {
  const release = await local.ledger.release(executionId);
  if (!release) throw new Error(`no release ${executionId}`);
  return release;
}

describe('a release acquires production', () => {
  test('and may move its traffic', async () => {
    expect(await acquireAs('a')).toEqual({ acquired: true, reason: 'release a has acquired production (token 1)' });
    const facts = { holder: await local.ledger.holder(), release: await local.ledger.release('a') };
    expect(checkHolder('a', facts)).toEqual({ holds: true, token: 1 });
  });

  test('once, however often it tries', async () => {
    await acquireAs('a');
    expect(await acquireAs('a')).toEqual({ acquired: true, reason: 'release a holds production (token 1)' });
    expect(await local.ledger.holder()).toMatchObject({ token: 1 });
  });

  test('not while another one holds it', async () => {
    await acquireAs('a');
    expect(await acquireAs('b')).toMatchObject({
      acquired: false,
      reason: expect.stringContaining('Production is held by release a (commit commit of a) since'),
    });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'a', state: 'HELD' });
  });

  test('from one whose execution has ended, which cannot go on then', async () => {
    await acquireAs('a');
    await local.ledger.recordRollout('a', 'canary', record('PASSED'), 1);
    expect(await acquireAs('b', 'Failed')).toMatchObject({
      acquired: true,
      reason: expect.stringContaining('taken over from a'),
    });
    expect(await local.item('release#a')).toMatchObject({ ended: 'ABANDONED' });
    await expect(local.ledger.recordRollout('a', 'Wave1', record('STARTED'), 1)).rejects.toThrow('ledger has changed');
    expect(await acquireAs('a', 'Failed')).toMatchObject({
      acquired: false,
      reason: expect.stringContaining('has ended: ABANDONED'),
    });
  });

  test('not from one that starts a wave while its execution is read', async () => {
    await acquireAs('a');
    const late: ExecutionStatus = async () => {
      const { rollouts } = await releaseOf('a');
      if (!rollouts.Wave1) await local.ledger.recordRollout('a', 'Wave1', record('STARTED'), 1);
      return 'Stopped';
    };
    expect(await acquire(local.ledger, { executionId: 'b', commit: 'b' }, late)).toMatchObject({
      acquired: false,
      reason: expect.stringContaining('Its rollout Wave1 has shifted traffic'),
    });
    expect(await releaseOf('a')).not.toHaveProperty('ended', 'ABANDONED');
  });
});

describe('the next release repairs the ledger after a lost answer', () => {
  test('the holder was written, the token of the release was not', async () => {
    await local.ledger.open('a', 'a');
    await local.ledger.transferLock(undefined, {
      executionId: 'a',
      commit: 'a',
      token: 1,
      acquiredAt: AT,
      state: 'HELD',
    });
    expect(await acquireAs('a')).toMatchObject({ acquired: true });
    expect(await releaseOf('a')).toMatchObject({ token: 1 });
  });

  test('the release was completed, production was not freed', async () => {
    await acquireAs('a');
    await local.ledger.recordCandidates('a', 'eu-west-1', { api: REVISION });
    await local.ledger.end(await releaseOf('a'), { ended: 'COMPLETED', reason: 'passed', endedAt: AT });
    expect(await acquireAs('b')).toMatchObject({ acquired: true });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'b', token: 2, state: 'HELD' });
    expect(await local.ledger.stable()).toEqual({
      executionId: 'a',
      commit: 'commit of a',
      at: AT,
      recent: ['2026-03-02T10:00:00.000Z'],
      revisions: { 'eu-west-1': { api: REVISION } },
    });
  });

  test('the old release was abandoned, production was not taken', async () => {
    await acquireAs('a');
    await local.ledger.end(await releaseOf('a'), { ended: 'ABANDONED', reason: 'b', endedAt: AT });
    expect(await acquireAs('b')).toMatchObject({ acquired: true });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'b', token: 2 });
  });
});

/** Lets somebody else run before every call. */
function interleaved(scheduler: fc.Scheduler): Ledger {
  const send = scheduler.scheduleFunction((command: Parameters<typeof local.client.send>[0]) =>
    local.client.send(command),
  );
  return new Ledger({ send } as unknown as ConstructorParameters<typeof Ledger>[0], 'ledger');
}

test('exactly one of many concurrent releases holds production, in any order of their calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.constantFrom('Failed', 'InProgress'), async (scheduler, status) => {
      const fresh = await localLedger();
      const previous = local;
      local = fresh;
      try {
        await acquireAs('old');
        const ledger = interleaved(scheduler);
        const statuses: ExecutionStatus = async (id) => (id === 'old' ? status : 'InProgress');
        const asked = Promise.all(
          ['a', 'b', 'c'].map((id) => acquire(ledger, { executionId: id, commit: id }, statuses)),
        );
        const answers = await scheduler.waitFor(asked);
        expect(answers.filter(({ acquired }) => acquired)).toHaveLength(status === 'Failed' ? 1 : 0);
        const holder = await fresh.ledger.holder();
        const holding: string[] = [];
        for (const id of ['old', 'a', 'b', 'c']) {
          const may = checkHolder(id, { holder, release: await fresh.ledger.release(id) });
          if (may.holds) holding.push(id);
        }
        expect(holding).toHaveLength(1);
        expect(holding[0] === 'old').toBe(status === 'InProgress');
      } finally {
        local = previous;
        await fresh.close();
      }
    }),
    { numRuns: 30 },
  );
}, 60_000);

describe('a release completes', () => {
  beforeEach(async () => {
    await acquireAs('a');
    await local.ledger.recordCandidates('a', 'staging', { api: REVISION });
    await local.ledger.recordCandidates('a', 'eu-west-1', { api: REVISION });
    await local.ledger.recordRollout('a', 'canary', record('PASSED'), 1);
  });

  test('when all required rollouts have passed: its candidates of production are the new stable', async () => {
    expect(await complete(local.ledger, 'a', ['canary'])).toEqual({
      completed: true,
      reason: 'release a (commit commit of a) has completed',
    });
    expect(await local.ledger.stable()).toMatchObject({
      executionId: 'a',
      revisions: { 'eu-west-1': { api: REVISION } },
    });
    expect((await local.ledger.stable())?.revisions).not.toHaveProperty('staging');
    expect(await local.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'COMPLETED', token: 1 });
    expect(await releaseOf('a')).toMatchObject({ ended: 'COMPLETED' });
  });

  test('once, however often it tries', async () => {
    await complete(local.ledger, 'a', ['canary']);
    expect(await complete(local.ledger, 'a', ['canary'])).toMatchObject({ completed: true });
    expect(await acquireAs('b')).toMatchObject({ acquired: true });
    expect(await complete(local.ledger, 'a', ['canary'])).toMatchObject({ completed: true });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'b', state: 'HELD' });
  });

  test('not before', async () => {
    await local.ledger.recordRollout('a', 'Wave1', record('STARTED'), 1);
    expect(await complete(local.ledger, 'a', ['canary', 'Wave1', 'Wave2'])).toEqual({
      completed: false,
      reason:
        'release a cannot complete, since not all of its rollouts have passed: Wave1 STARTED, Wave2 has not started',
    });
    expect(await local.ledger.stable()).toBeUndefined();
  });

  test('not when it is being rolled back, was rolled back, or does not hold production', async () => {
    await local.ledger.markRollingBack('a', AT, 'errors');
    expect(await complete(local.ledger, 'a', ['canary'])).toMatchObject({
      reason: expect.stringContaining('being rolled back'),
    });
    await endRolledBack(local.ledger, await releaseOf('a'), 'errors');
    expect(await complete(local.ledger, 'a', ['canary'])).toMatchObject({
      reason: expect.stringContaining('ROLLED_BACK, errors'),
    });
    expect(await complete(local.ledger, 'b', [])).toMatchObject({ completed: false });
  });
});

describe('a hold by a person while a release acquires production', () => {
  const HOLD = { service: 'orders', by: 'Ada', reason: 'it is slow', at: AT };

  test.each(['transferLock', 'setToken'] as const)(
    'right before %s makes the release free production again',
    async (call) => {
      const racing: Ledger = Object.create(local.ledger, {
        [call]: {
          value: async (...args: unknown[]) => {
            await local.ledger.placeHold(HOLD);
            await (local.ledger[call] as (...given: unknown[]) => Promise<void>)(...args);
          },
        },
      });
      expect(await acquireAs('a', 'InProgress', racing)).toEqual({
        acquired: false,
        reason: expect.stringContaining('has freed production again: the pipeline is held by Ada'),
      });
      expect(await local.ledger.holder()).toMatchObject({ executionId: 'a', state: 'FREE', ended: 'ABANDONED' });
      await local.ledger.removeHold();
      expect(await acquireAs('b')).toMatchObject({ acquired: true });
    },
  );

  test('does so also when the answer to its first read was lost', async () => {
    await acquireAs('a');
    await local.ledger.placeHold(HOLD);
    expect(await acquireAs('a')).toMatchObject({ acquired: false });
  });

  test('leaves alone a release that has shifted already: its rollback returns it', async () => {
    await acquireAs('a');
    await local.ledger.recordRollout('a', 'canary', record('STARTED'), 1);
    await local.ledger.placeHold(HOLD);
    expect(await acquireAs('a')).toMatchObject({ acquired: true });
  });
});

test('a release that was rolled back frees production and is no new stable', async () => {
  await acquireAs('a');
  await local.ledger.recordRollout('a', 'staging', record('PASSED'), undefined);
  await local.ledger.recordRollout('a', 'canary', record('PASSED'), 1);
  await local.ledger.recordRollout('a', 'Wave1', { ...record('PASSED'), shifted: false }, 1);
  await endRolledBack(local.ledger, await releaseOf('a'), 'errors 5 % > 1 %');
  expect(await local.ledger.holder()).toMatchObject({
    state: 'FREE',
    ended: 'ROLLED_BACK',
    reason: 'errors 5 % > 1 %',
  });
  expect(await local.ledger.stable()).toBeUndefined();
  const { rollouts, ended } = await releaseOf('a');
  expect(ended).toBe('ROLLED_BACK');
  expect(Object.entries(rollouts).map(([name, { state }]) => [name, state])).toEqual(
    expect.arrayContaining([
      ['staging', 'PASSED'],
      ['canary', 'ROLLED_BACK'],
      ['Wave1', 'PASSED'],
    ]),
  );
});

import type { Holder, Release } from '../../../lib/ledger/items';
import { LedgerConflict } from '../../../lib/ledger/update';
import { published, version } from '../../helpers/revisions';
import { type LocalLedger, localLedger } from './table';

const AT = '2026-03-02T10:00:00.000Z';
const REVISION = published('orders-api', '4');
const STARTED = { state: 'STARTED', reason: 'starts', at: AT, attempt: 1, shifted: true } as const;
const ENDING = { ended: 'COMPLETED', reason: 'passed', endedAt: AT } as const;

let local: LocalLedger;
beforeEach(async () => {
  local = await localLedger();
});
afterEach(() => local.close());

async function opened(id = 'e-1'): Promise<Release> {
  await local.ledger.open(id, 'c0ffee');
  return read(id);
}

async function read(id = 'e-1'): Promise<Release> {
  const release = await local.ledger.release(id);
  if (!release) throw new Error(`no release ${id}`);
  return release;
}

const holder = (token: number, executionId = 'e-1'): Holder => ({
  executionId,
  commit: 'c0ffee',
  token,
  acquiredAt: AT,
  state: 'HELD',
});

test('an empty ledger has no holder and no release', async () => {
  expect(await local.ledger.holder()).toBeUndefined();
  expect(await local.ledger.release('e-1')).toBeUndefined();
  expect(await local.ledger.stable()).toBeUndefined();
});

describe('a release', () => {
  test('is opened once, and expires after 400 days', async () => {
    await opened();
    await local.ledger.recordRollout('e-1', 'staging', STARTED, undefined);
    await local.ledger.open('e-1', 'another commit');
    expect(await read()).toMatchObject({ commit: 'c0ffee', rollouts: { staging: STARTED }, changes: 1 });
    const { expiresAt } = (await local.item('release#e-1')) as { expiresAt: number };
    expect(expiresAt - Date.now() / 1000).toBeCloseTo(400 * 86_400, -2);
  });

  test('keeps its records, also under names that DynamoDB reserves or cannot parse', async () => {
    await opened();
    await local.ledger.recordCandidates('e-1', 'eu-west-1', { api: REVISION });
    await local.ledger.recordStables('e-1', 'eu-west-1', { api: version('3') });
    await local.ledger.recordRollout('e-1', 'United Kingdom #1 (state)', STARTED, undefined);
    expect(await read()).toMatchObject({
      candidates: { 'eu-west-1': { api: REVISION } },
      stables: { 'eu-west-1': { api: version('3') } },
      rollouts: { 'United Kingdom #1 (state)': STARTED },
      changes: 3,
    });
  });

  test('records the stable revisions only once', async () => {
    await opened();
    await local.ledger.recordStables('e-1', 'eu-west-1', { api: version('3') });
    await expect(local.ledger.recordStables('e-1', 'eu-west-1', { api: version('4') })).rejects.toThrow(LedgerConflict);
    expect((await read()).stables).toEqual({ 'eu-west-1': { api: version('3') } });
  });

  test('that was never opened refuses every write', async () => {
    await expect(local.ledger.recordRollout('e-9', 'canary', STARTED, undefined)).rejects.toThrow(LedgerConflict);
    expect(await local.item('release#e-9')).toBeUndefined();
  });

  test('records rollouts of production only with its own token', async () => {
    await opened();
    await expect(local.ledger.recordRollout('e-1', 'canary', STARTED, 1)).rejects.toThrow(LedgerConflict);
    await local.ledger.setToken('e-1', 2);
    await expect(local.ledger.recordRollout('e-1', 'canary', STARTED, 1)).rejects.toThrow(LedgerConflict);
    await local.ledger.recordRollout('e-1', 'canary', STARTED, 2);
    expect((await read()).rollouts).toEqual({ canary: STARTED });
  });

  test('that is being rolled back starts and passes nothing any more', async () => {
    await opened();
    await local.ledger.markRollingBack('e-1', AT, 'errors');
    await expect(local.ledger.recordRollout('e-1', 'canary', STARTED, undefined)).rejects.toThrow(LedgerConflict);
    await expect(local.ledger.markRollingBack('e-1', '2026-03-03T10:00:00.000Z', 'errors')).rejects.toThrow(
      LedgerConflict,
    );
    expect((await read()).rollingBackSince).toBe(AT);
  });

  test('that has ended refuses every write', async () => {
    await local.ledger.end(await opened(), ENDING);
    const { ledger } = local;
    for (const write of [
      () => ledger.setToken('e-1', 2),
      () => ledger.recordCandidates('e-1', 'eu-west-1', { api: REVISION }),
      () => ledger.recordStables('e-1', 'eu-west-1', { api: version('3') }),
      () => ledger.recordRollout('e-1', 'canary', STARTED, undefined),
      () => ledger.markRollingBack('e-1', AT, 'errors'),
      async () => ledger.end(await read(), { ...ENDING, ended: 'ABANDONED' }),
    ]) {
      await expect(write()).rejects.toThrow(LedgerConflict);
    }
    expect(await read()).toMatchObject(ENDING);
  });

  test('does not end when it was written to since it was read', async () => {
    const before = await opened();
    await local.ledger.recordRollout('e-1', 'Wave1', STARTED, undefined);
    await expect(local.ledger.end(before, { ...ENDING, ended: 'ABANDONED' })).rejects.toThrow(LedgerConflict);
    await local.ledger.end(await read(), ENDING);
  });
});

describe('the holder', () => {
  test('is transferred only by a release that has read its present holder', async () => {
    await local.ledger.transferLock(undefined, holder(1));
    await expect(local.ledger.transferLock(undefined, holder(1, 'e-2'))).rejects.toThrow(LedgerConflict);
    await expect(local.ledger.transferLock(holder(0), holder(2, 'e-2'))).rejects.toThrow(LedgerConflict);
    await expect(local.ledger.transferLock({ ...holder(1), state: 'FREE' }, holder(2, 'e-2'))).rejects.toThrow(
      LedgerConflict,
    );
    await local.ledger.transferLock(holder(1), holder(2, 'e-2'));
    expect(await local.ledger.holder()).toEqual(holder(2, 'e-2'));
  });

  test('is freed only by itself, once', async () => {
    await local.ledger.transferLock(undefined, holder(3));
    await expect(local.ledger.releaseLock('e-2', 3, ENDING)).rejects.toThrow(LedgerConflict);
    await expect(local.ledger.releaseLock('e-1', 2, ENDING)).rejects.toThrow(LedgerConflict);
    await local.ledger.releaseLock('e-1', 3, ENDING);
    await expect(local.ledger.releaseLock('e-1', 3, ENDING)).rejects.toThrow(LedgerConflict);
    expect(await local.ledger.holder()).toEqual({ ...holder(3), state: 'FREE', ...ENDING });
  });
});

test('the last stable release is never replaced by an older one', async () => {
  const stable = (executionId: string) => ({ executionId, commit: 'c0ffee', at: AT, revisions: {}, recent: [] });
  await local.ledger.setStable(stable('e-2'), 2);
  await expect(local.ledger.setStable(stable('e-1'), 1)).rejects.toThrow(LedgerConflict);
  await local.ledger.setStable(stable('e-3'), 3);
  expect(await local.ledger.stable()).toEqual(stable('e-3'));
});

test('an unreadable item is an error that names the place, and never counts as something else', async () => {
  await opened();
  await local.ledger.recordRollout('e-1', 'canary', { ...STARTED, reason: '' }, undefined);
  await expect(local.ledger.release('e-1')).rejects.toThrow(
    'ledger.release#e-1.rollouts.canary.reason must be a text that is not empty, but is ""',
  );
});

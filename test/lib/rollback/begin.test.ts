import { complete } from '../../../lib/ledger/end';
import type { RolloutRecord } from '../../../lib/ledger/items';
import { holdReason, type Transition, type Transitions } from '../../../lib/ledger/transitions';
import { LedgerConflict } from '../../../lib/ledger/update';
import { type BeginSide, type Begun, begin, type Order, readBegin } from '../../../lib/rollback/begin';
import type { Beginner } from '../../../lib/rollback/decide-begin';
import { endReturned } from '../../../lib/rollback/end';
import { type LocalLedger, localLedger } from '../ledger/table';

const AT = '2026-03-02T10:00:00.000Z';
const ARN = 'arn:aws:states:us-west-2:111111111111:execution:orders-rollout:x';

let local: LocalLedger;
let stages: Transition[];
let gone: readonly string[];
/** Happens while the targets are read. */
let meanwhile: () => Promise<void>;
beforeEach(async () => {
  local = await localLedger();
  stages = [{ stage: 'Canary', enabled: false, reason: holdReason('e-1') }];
  gone = [];
  meanwhile = async () => {};
});
afterEach(() => local.close());

const transitions: Transitions = {
  read: async () => stages,
  disable: async (stage, reason) => {
    stages = [{ stage, enabled: false, reason }];
  },
  enable: async (stage) => {
    stages = [{ stage, enabled: true }];
  },
};

const side = (): BeginSide => ({
  ledger: local.ledger,
  transitions,
  targetsGone: async () => {
    await meanwhile();
    return gone;
  },
});

const orderOf = (by: Beginner, executionId?: string): Order => ({ by, executionId, because: 'errors' });

async function begun(by: Beginner = 'PERSON', executionId?: string): Promise<Begun> {
  const order = orderOf(by, executionId);
  return begin(side(), order, await readBegin(local.ledger, order));
}

/** Makes a release hold production; some of its rollouts have shifted. */
async function held(executionId: string, token: number, rollouts: readonly string[] = ['Wave1']): Promise<void> {
  const { ledger } = local;
  await ledger.open(executionId, 'c0ffee');
  const next = { executionId, commit: 'c0ffee', token, acquiredAt: AT, state: 'HELD' } as const;
  await ledger.transferLock(await ledger.holder(), next);
  await ledger.setToken(executionId, token);
  await ledger.recordMachine(executionId, ARN);
  const record: RolloutRecord = { state: 'PASSED', reason: 'well', at: AT, attempt: 1, shifted: true };
  for (const name of rollouts) await ledger.recordRollout(executionId, name, record, token);
}

test('the ledger gets a rollback first, and the answer names the execution to stop', async () => {
  await held('e-1', 1);
  expect(await begun('SAFETY_NET', 'e-1')).toMatchObject({ is: 'RETURNING', machine: ARN });
  expect(await local.ledger.release('e-1')).toMatchObject({
    rollingBackSince: expect.any(String),
    rollingBackBecause: 'errors',
  });
});

test('a rollback that has begun stops no execution, for any beginner', async () => {
  await held('e-1', 1);
  await begun('ROLLOUT', 'e-1');
  for (const by of ['ROLLOUT', 'SAFETY_NET', 'PERSON'] as const) {
    const answer = await begun(by, 'e-1');
    expect(answer).toMatchObject({ is: 'RETURNING' });
    expect(answer).not.toHaveProperty('machine');
  }
});

test('the order of a person who names no release is for the holder of production', async () => {
  expect(await begun()).toEqual({ is: 'NOTHING', reason: 'no release has ever acquired production' });
  await held('e-1', 1);
  expect(await begun()).toMatchObject({ is: 'RETURNING', release: { executionId: 'e-1' } });
});

test('a release that completes after the read is not returned as if it held production', async () => {
  await held('e-1', 1);
  const order = orderOf('PERSON', 'e-1');
  const facts = await readBegin(local.ledger, order);
  await complete(local.ledger, 'e-1', ['Wave1']);
  await expect(begin(side(), order, facts)).rejects.toThrow(LedgerConflict);
  expect(await begun()).toMatchObject({ is: 'RETURNING', release: { executionId: 'e-1-returned' } });
});

test('traffic returns also when the ledger cannot be updated, and the answer has the error', async () => {
  await held('e-1', 1);
  jest.spyOn(local.ledger, 'markRollingBack').mockRejectedValueOnce(new Error('denied'));
  expect(await begun()).toMatchObject({
    is: 'RETURNING',
    machine: ARN,
    ledgerProblem: 'the ledger could not be updated: Error: denied',
  });
});

describe('the next release may come', () => {
  test('when nothing of this one had shifted', async () => {
    await held('e-1', 1, []);
    expect(await begun()).toMatchObject({ is: 'ABANDONED', closed: undefined });
    expect(stages).toEqual([{ stage: 'Canary', enabled: true }]);
    expect(await local.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ABANDONED' });
  });

  test('when this one had ended without enabling the transitions', async () => {
    await held('e-1', 1, []);
    await begun();
    stages = [{ stage: 'Canary', enabled: false, reason: holdReason('e-1') }];
    expect(await begun('SAFETY_NET', 'e-1')).toMatchObject({ is: 'ENDED', later: undefined });
    expect(stages).toEqual([{ stage: 'Canary', enabled: true }]);
  });

  test('not while a person holds the pipeline', async () => {
    await held('e-1', 1, []);
    await local.ledger.placeHold({ service: 'orders', by: 'Ada', reason: 'errors', at: AT });
    await begun();
    expect(stages[0]).toMatchObject({ enabled: false, reason: expect.stringContaining('held for Ada') });
  });

  test('later when CodePipeline does not answer: the answer has the error, and nothing else fails', async () => {
    await held('e-1', 1, []);
    jest.spyOn(transitions, 'read').mockRejectedValueOnce(new Error('away'));
    expect(await begun()).toMatchObject({ is: 'ABANDONED', closed: 'Error: away' });
    expect(await local.ledger.holder()).toMatchObject({ state: 'FREE' });
  });
});

describe('a completed release', () => {
  beforeEach(async () => {
    await held('e-1', 1);
    await complete(local.ledger, 'e-1', ['Wave1']);
  });

  test('is rolled back by a release of its own, which holds production', async () => {
    expect(await begun()).toMatchObject({ is: 'RETURNING', release: { executionId: 'e-1-returned', returns: 'e-1' } });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'e-1-returned', token: 2, state: 'HELD' });
  });

  test('is not touched when not all functions can return', async () => {
    gone = ['eu-west-1/http cannot return'];
    expect(await begun()).toEqual({
      is: 'REFUSED',
      reason: 'nothing was touched, since not all can return: eu-west-1/http cannot return',
    });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'e-1', state: 'FREE' });
  });

  test('is not rolled back when another one acquires production while its targets are read', async () => {
    meanwhile = () => held('e-2', 2, []);
    const reason = expect.stringContaining('release e-2 (commit c0ffee) has acquired production since');
    expect(await begun()).toEqual({ is: 'NOTHING', reason });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'e-2', state: 'HELD' });
    expect(await local.ledger.release('e-1-returned')).toBeUndefined();
  });

  test('is not rolled back when another one completes while its targets are read', async () => {
    meanwhile = async () => {
      await held('e-2', 2);
      await complete(local.ledger, 'e-2', ['Wave1']);
    };
    expect(await begun('PERSON', 'e-1')).toEqual({
      is: 'NOTHING',
      reason: 'release e-1 has completed, but is not the last stable one: that is release e-2 (commit c0ffee)',
    });
    expect(await local.ledger.holder()).toMatchObject({ executionId: 'e-2', state: 'FREE' });
    expect(await local.ledger.release('e-1-returned')).toBeUndefined();
  });

  test.each(['e-1', 'e-1-returned', undefined])('goes on being rolled back after a crash, named %s', async (name) => {
    jest.spyOn(local.ledger, 'setToken').mockRejectedValueOnce(new Error('crash'));
    await expect(begun()).rejects.toThrow('crash');
    expect(await local.ledger.release('e-1-returned')).toMatchObject({ token: undefined });
    expect(await begun('PERSON', name)).toMatchObject({
      is: 'RETURNING',
      release: { executionId: 'e-1-returned', token: 2 },
    });
  });

  test('whose end was not recorded in full is rolled back all the same', async () => {
    await local.close();
    local = await localLedger();
    await held('e-1', 1);
    jest.spyOn(local.ledger, 'setStable').mockRejectedValueOnce(new Error('crash'));
    await expect(complete(local.ledger, 'e-1', ['Wave1'])).rejects.toThrow('crash');
    expect(await begun()).toMatchObject({ is: 'RETURNING', release: { executionId: 'e-1-returned' } });
  });
});

describe('the end of a rollback', () => {
  const returned = { names: ['eu-west-1'], targets: [], because: 'errors' };

  test('is written once: the second caller gets the reason of the first', async () => {
    await held('e-1', 1);
    const first = await begun();
    if (first.is !== 'RETURNING') throw new Error(first.is);
    const reason = 'rolled back to the revision before in eu-west-1: errors';
    expect(await endReturned(local.ledger, first.release, returned)).toBe(reason);
    expect(await endReturned(local.ledger, first.release, { ...returned, because: 'another reason' })).toBe(reason);
    expect(await local.ledger.release('e-1')).toMatchObject({ ended: 'ROLLED_BACK', reason });
    expect(await local.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });

  test('succeeds although somebody else writes meanwhile', async () => {
    await held('e-1', 1);
    const first = await begun();
    if (first.is !== 'RETURNING') throw new Error(first.is);
    const end = local.ledger.end.bind(local.ledger);
    jest.spyOn(local.ledger, 'end').mockImplementationOnce(async (...given) => {
      await local.ledger.recordStartAnnounced('e-1');
      return end(...given);
    });
    await endReturned(local.ledger, first.release, returned);
    expect(await local.ledger.release('e-1')).toMatchObject({ ended: 'ROLLED_BACK' });
  });
});

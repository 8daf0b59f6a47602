import type { Blocked } from '../../../lib/gate/items';
import { decideRetry, type RetryFacts, waitingAt } from '../../../lib/gate/retry';
import type { Holder, Release } from '../../../lib/ledger/items';
import { holdReason } from '../../../lib/ledger/transitions';

const AT = '2026-11-20T10:00:00.000Z';

const BLOCKED: Blocked = {
  state: 'BLOCKED',
  stage: 'Canary',
  executionId: 'e-2',
  commit: 'c0ffee',
  at: AT,
  reason: 'the budget is spent',
};

const holderOf = (executionId: string, state: Holder['state'] = 'HELD'): Holder => ({
  executionId,
  commit: 'beef',
  token: 4,
  acquiredAt: AT,
  state,
});

const releaseOf = (executionId: string, overrides: Partial<Release> = {}): Release => ({
  executionId,
  commit: 'beef',
  candidates: {},
  stables: {},
  rollouts: {},
  changes: 0,
  ...overrides,
});

const decide = (overrides: Partial<RetryFacts> = {}) =>
  decideRetry({
    waiting: BLOCKED,
    stage: {
      transition: { stage: 'Canary', enabled: true },
      latest: { executionId: 'e-2', status: 'Failed' },
      gateFailedAt: AT,
    },
    hold: undefined,
    mine: undefined,
    holder: undefined,
    holding: undefined,
    holdingStatus: undefined,
    ...overrides,
  });

const stageWith = (transition: object, latest?: RetryFacts['stage']['latest']): Partial<RetryFacts> => ({
  stage: {
    transition: { stage: 'Canary', enabled: true, ...transition },
    latest: latest ?? { executionId: 'e-2', status: 'Failed' },
    gateFailedAt: AT,
  },
});

describe('a release that is blocked before Canary', () => {
  test('may go on when production is free', () => {
    expect(decide()).toEqual({ do: 'EVALUATE' });
    expect(decide({ holder: holderOf('e-1', 'FREE') })).toEqual({ do: 'EVALUATE' });
  });

  test('is skipped when a newer execution has entered, but not forgotten: that answer may be old', () => {
    expect(decide(stageWith({}, { executionId: 'e-3', status: 'Failed' }))).toEqual({
      do: 'SKIP',
      reason: 'execution e-3 has entered Canary since',
    });
  });

  test.each(['InProgress', 'Stopping'])('waits while its stage is %s', (status) => {
    expect(decide(stageWith({}, { executionId: 'e-2', status }))).toMatchObject({ do: 'WAIT' });
  });

  test.each(['Succeeded', 'Stopped', 'Cancelled'])('is forgotten when its stage is %s', (status) => {
    expect(decide(stageWith({}, { executionId: 'e-2', status }))).toMatchObject({ do: 'FORGET' });
  });

  test('waits when CodePipeline reports no last execution in the stage', () => {
    const transition = { stage: 'Canary', enabled: true };
    expect(decide({ stage: { transition } })).toMatchObject({ do: 'WAIT' });
  });

  test('is forgotten when it has ended, or is being rolled back, whoever holds production', () => {
    expect(decide({ mine: releaseOf('e-2', { ended: 'ROLLED_BACK' }) })).toEqual({
      do: 'FORGET',
      reason: 'release e-2 has ended: ROLLED_BACK',
    });
    expect(decide({ mine: releaseOf('e-2', { rollingBackSince: AT }) })).toMatchObject({ do: 'FORGET' });
  });

  test('waits while a person holds the pipeline', () => {
    const hold = { service: 'orders', by: 'Ada', reason: 'orders are lost', at: AT };
    expect(decide({ hold })).toEqual({ do: 'WAIT', reason: 'the pipeline is held by Ada: orders are lost' });
  });

  test('waits while a person has disabled the transition', () => {
    expect(decide(stageWith({ enabled: false, reason: 'audit' }))).toEqual({
      do: 'WAIT',
      reason: 'a person has disabled the transition into Canary: audit',
    });
  });

  test('may go on when a release has disabled the transition', () => {
    expect(decide(stageWith({ enabled: false, reason: holdReason('e-1') }))).toEqual({ do: 'EVALUATE' });
  });

  test('waits while a newer one waits to enter the stage', () => {
    expect(decide(stageWith({ waiting: 'e-3' }))).toEqual({
      do: 'WAIT',
      reason: 'execution e-3, which is newer, waits to enter Canary',
    });
  });

  test('is forgotten when another action than the gate has failed', () => {
    const { stage } = stageWith({});
    expect(decide({ stage: { ...stage, gateFailedAt: undefined } as RetryFacts['stage'] })).toEqual({
      do: 'FORGET',
      reason: 'another action than the gate has failed in Canary',
    });
  });

  test('waits while another release is under way', () => {
    const other = { holder: holderOf('e-1'), holding: releaseOf('e-1') };
    expect(decide({ ...other, holdingStatus: 'InProgress' })).toEqual({
      do: 'WAIT',
      reason: 'release e-1 is under way',
    });
    const shifted = releaseOf('e-1', {
      rollouts: { Wave1: { state: 'PASSED', reason: 'baked', at: AT, attempt: 1, shifted: true } },
    });
    expect(decide({ ...other, holding: shifted, holdingStatus: 'Failed' })).toMatchObject({ do: 'WAIT' });
  });

  test('may go on beside one that it would take over', () => {
    const other = { holder: holderOf('e-1'), holding: releaseOf('e-1') };
    expect(decide({ ...other, holdingStatus: 'Failed' })).toEqual({ do: 'EVALUATE' });
    expect(decide({ ...other, holding: releaseOf('e-1', { ended: 'COMPLETED' }) })).toEqual({ do: 'EVALUATE' });
  });
});

describe('a release that is blocked before Production', () => {
  const waiting: Blocked = { ...BLOCKED, stage: 'Production' };

  test('may go on while it holds production', () => {
    expect(decide({ waiting, holder: holderOf('e-2'), holding: releaseOf('e-2') })).toEqual({ do: 'EVALUATE' });
  });

  test.each([
    ['nobody', undefined, undefined],
    ['another release', holderOf('e-3'), releaseOf('e-3')],
    ['nobody any more', holderOf('e-2', 'FREE'), undefined],
  ])('is forgotten when %s holds production', (_who, holder, holding) => {
    expect(decide({ waiting, holder, holding })).toMatchObject({ do: 'FORGET' });
  });
});

describe('the release that waits at a gate', () => {
  const minutes = (since: number) => Date.parse(AT) + since * 60_000;
  const failed = { transition: { stage: 'Canary', enabled: true }, latest: { executionId: 'e-2', status: 'Failed' } };
  const byGate = { ...failed, gateFailedAt: AT };
  const older: Blocked = { ...BLOCKED, executionId: 'e-1' };

  test('is the one in the ledger', () => {
    expect(waitingAt('Canary', BLOCKED, byGate, minutes(60))).toMatchObject({ executionId: 'e-2', blocked: BLOCKED });
    expect(waitingAt('Canary', { ...BLOCKED, state: 'OVER' }, byGate, minutes(60))).toBeUndefined();
    expect(waitingAt('Canary', undefined, failed, minutes(60))).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['an older one', older],
    ['an older one that is over', { ...older, state: 'OVER' } as Blocked],
  ])('is the one for which the gate failed in CodePipeline, where the ledger has %s', (_what, last) => {
    expect(waitingAt('Canary', last, byGate, minutes(5))).toEqual({ stage: 'Canary', executionId: 'e-2', at: AT });
    // The gate may still be writing its record.
    expect(waitingAt('Canary', last, byGate, minutes(4.9))?.executionId).not.toBe('e-2');
  });

  test('is none, where another action has failed', () => {
    expect(waitingAt('Canary', undefined, failed, minutes(60))).toBeUndefined();
    const running = { ...byGate, latest: { executionId: 'e-2', status: 'InProgress' } };
    expect(waitingAt('Canary', undefined, running, minutes(60))).toBeUndefined();
  });
});

import type { Release } from '../../../lib/ledger/items';
import { mayStillStart } from '../../../lib/rollback/decide-end';

const RELEASE: Release = {
  executionId: 'e-1',
  commit: 'c0ffee',
  candidates: {},
  stables: {},
  rollouts: {},
  changes: 0,
};

describe('a handler may still start deployments', () => {
  const BEGAN = '2026-03-02T10:00:00.000Z';
  const minutesLater = (minutes: number): number => Date.parse(BEGAN) + minutes * 60_000;
  const rollingBack: Release = { ...RELEASE, rollingBackSince: BEGAN };

  test('as long as one that ran when the rollback began can run, and a minute more', () => {
    expect(mayStillStart(rollingBack, minutesLater(2.9))).toBe(true);
    expect(mayStillStart(rollingBack, minutesLater(3.1))).toBe(false);
  });

  test('also when the ledger names another execution: there may be a second one', () => {
    const machine = 'arn:aws:states:us-west-2:111111111111:execution:orders-rollout:x';
    expect(mayStillStart({ ...rollingBack, machine }, minutesLater(1))).toBe(true);
    expect(mayStillStart({ ...rollingBack, machine: undefined }, minutesLater(1))).toBe(true);
  });

  test('as long as the ledger does not have the rollback', () => {
    expect(mayStillStart(RELEASE, minutesLater(60))).toBe(true);
  });

  test('not of a release that rolls a completed one back: no rollout is its own', () => {
    expect(mayStillStart({ ...rollingBack, returns: 'e-0' }, minutesLater(0))).toBe(false);
  });
});

import type { Holder, Release, RolloutRecord } from '../../../lib/ledger/items';
import { type BeginDecision, type BeginFacts, type Beginner, decideBegin } from '../../../lib/rollback/decide-begin';

const AT = '2026-03-02T10:00:00.000Z';
const HOLDER: Holder = { executionId: 'e-1', commit: 'c0ffee', token: 3, acquiredAt: AT, state: 'HELD' };
const OTHER: Holder = { ...HOLDER, executionId: 'e-2', token: 4 };
const SHIFTED: RolloutRecord = { state: 'STARTED', reason: 'because', at: AT, attempt: 1, shifted: true };
const RELEASE: Release = {
  executionId: 'e-1',
  commit: 'c0ffee',
  token: 3,
  candidates: {},
  stables: {},
  rollouts: { Wave1: SHIFTED },
  machine: 'arn:of:the:machine',
  changes: 1,
};
const UNSHIFTED: Release = { ...RELEASE, rollouts: { staging: SHIFTED } };
const ROLLING_BACK: Release = { ...RELEASE, rollingBackSince: AT };
const COMPLETED: Release = { ...RELEASE, ended: 'COMPLETED', reason: 'passed', endedAt: AT };
const ENDED: Release = { ...RELEASE, ended: 'ROLLED_BACK', reason: 'errors', endedAt: AT };
const FREE: Holder = { ...HOLDER, state: 'FREE', ended: 'COMPLETED' };
const STABLE = { executionId: 'e-1', commit: 'c0ffee', at: AT, revisions: {}, recent: [AT] };
const RETURNED: Release = { ...RELEASE, executionId: 'e-1-returned', returns: 'e-1', token: 4, machine: undefined };

const decide = (by: Beginner, change: Partial<BeginFacts>): BeginDecision =>
  decideBegin({ by, executionId: 'e-1', release: RELEASE, holder: HOLDER, isRetriable: false, ...change });

const EVERYBODY: readonly Beginner[] = ['ROLLOUT', 'SAFETY_NET', 'PERSON'];

describe('the rollback of a release', () => {
  test('that has shifted is marked in the ledger first, and its execution is stopped', () => {
    const mark = { do: 'MARK', release: RELEASE, machine: 'arn:of:the:machine' };
    expect(decide('PERSON', {})).toEqual(mark);
    expect(decide('SAFETY_NET', {})).toEqual(mark);
  });

  test('stops no execution when the one that runs the rollout begins it', () => {
    expect(decide('ROLLOUT', {})).toEqual({ do: 'MARK', release: RELEASE, machine: undefined });
  });

  test.each(EVERYBODY)('that is under way goes on for the %s, and stops no execution', (by) => {
    expect(decide(by, { release: ROLLING_BACK })).toEqual({ do: 'RETURN', release: ROLLING_BACK });
  });

  test.each(EVERYBODY)('is begun by the %s for the holder of production alone', (by) => {
    expect(decide(by, { holder: OTHER })).toEqual({
      do: 'NOTHING',
      reason: expect.stringContaining(
        'no rollback, since release e-1 does not hold production: it is held by release e-2',
      ),
    });
    expect(decide(by, { release: { ...RELEASE, token: 2 } })).toMatchObject({ do: 'NOTHING' });
  });

  test.each(EVERYBODY)('is not begun by the %s for a release that is not in the ledger', (by) => {
    expect(decide(by, { release: undefined })).toEqual({
      do: 'NOTHING',
      reason: 'release e-1 is not in the ledger',
    });
  });

  test('needs one that has acquired production', () => {
    expect(decide('PERSON', { executionId: undefined, release: undefined, holder: undefined })).toEqual({
      do: 'NOTHING',
      reason: 'no release has ever acquired production',
    });
  });

  test('that has shifted nothing of production ends it, unless its own rollout begins: its stage may be retried', () => {
    expect(decide('PERSON', { release: UNSHIFTED })).toEqual({ do: 'ABANDON', release: UNSHIFTED });
    expect(decide('SAFETY_NET', { release: UNSHIFTED })).toEqual({ do: 'ABANDON', release: UNSHIFTED });
    expect(decide('ROLLOUT', { release: UNSHIFTED })).toMatchObject({
      do: 'NOTHING',
      reason: expect.stringContaining('nothing has shifted'),
    });
  });

  test('whose failed stage may be retried is left alone by the safety net alone', () => {
    expect(decide('SAFETY_NET', { isRetriable: true })).toMatchObject({
      do: 'NOTHING',
      reason: expect.stringContaining('its stage may be retried'),
    });
    expect(decide('PERSON', { isRetriable: true })).toMatchObject({ do: 'MARK' });
  });
});

describe('a release that has ended', () => {
  test.each(EVERYBODY)('in a rollback is ended for the %s', (by) => {
    expect(decide(by, { release: ENDED })).toEqual({ do: 'ENDED', release: ENDED, later: undefined });
  });

  test('names the release that has acquired production since', () => {
    expect(decide('PERSON', { release: ENDED, holder: OTHER })).toEqual({ do: 'ENDED', release: ENDED, later: 'e-2' });
  });

  test.each(['COMPLETED', 'ABANDONED'] as const)(
    '%s keeps its rollout’s machine from ending as rolled back',
    (ended) => {
      expect(decide('ROLLOUT', { release: { ...ENDED, ended } })).toMatchObject({
        do: 'NOTHING',
        reason: expect.stringContaining(`any more: ${ended}`),
      });
    },
  );

  test('as completed is not rolled back by the safety net', () => {
    expect(decide('SAFETY_NET', { release: COMPLETED, holder: FREE })).toMatchObject({ do: 'ENDED' });
  });
});

describe('a release that has completed', () => {
  const facts = { release: COMPLETED, holder: FREE, stable: STABLE };

  test('is rolled back by a person', () => {
    expect(decide('PERSON', facts)).toEqual({ do: 'OPEN_RETURN', completed: COMPLETED, begun: false });
  });

  test('is not rolled back once a later one has acquired production, or has completed', () => {
    expect(decide('PERSON', { ...facts, holder: OTHER })).toMatchObject({
      do: 'NOTHING',
      reason: expect.stringContaining('has acquired production since'),
    });
    expect(decide('PERSON', { ...facts, stable: { ...STABLE, executionId: 'e-2' } })).toMatchObject({
      do: 'NOTHING',
      reason: expect.stringContaining('is not the last stable one'),
    });
  });

  test('goes on being rolled back by the release that began it', () => {
    const holder = { ...HOLDER, executionId: 'e-1-returned', token: 4 };
    expect(decide('PERSON', { ...facts, holder, opened: RETURNED })).toMatchObject({
      do: 'OPEN_RETURN',
      begun: true,
    });
  });

  test('is rolled back once', () => {
    const opened = { ...RETURNED, ended: 'ROLLED_BACK' as const };
    const holder = { ...FREE, executionId: 'e-1-returned' };
    expect(decide('PERSON', { ...facts, holder, opened })).toEqual({
      do: 'ENDED',
      release: opened,
      later: undefined,
    });
    expect(decide('PERSON', { ...facts, holder: OTHER, opened })).toMatchObject({ later: 'e-2' });
  });
});

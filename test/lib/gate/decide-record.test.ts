import type { Finding } from '../../../lib/core/finding';
import type { Answer } from '../../../lib/gate/decide-answer';
import { decideRecord, isSameBlock, noticesOf } from '../../../lib/gate/decide-record';
import type { Blocked } from '../../../lib/gate/items';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const REQUEST = { stage: 'Canary', executionId: 'e-1', commit: 'c0ffee' } as const;
const EARLIER: Blocked = { ...REQUEST, state: 'BLOCKED', at: '2026-11-20T10:00:00.000Z', reason: 'frozen' };
const RECORD = {} as NonNullable<Answer['glass']['record']>;

const answer = (over: Partial<Answer> = {}): Answer => ({
  passes: true,
  report: 'so it is',
  judged: [],
  glass: {},
  ...over,
});
const finding = (over: Partial<Finding>) => ({
  finding: { check: 'freeze', verdict: 'FAIL' as const, reason: 'frozen', ...over },
  blocks: true,
});
const kinds = (given: Answer, wasBlocked = false) => noticesOf(given, wasBlocked).map(({ kind }) => kind);

describe('the ledger', () => {
  test('keeps a block with its reason, its end, and the refusal of broken glass', () => {
    const judged = [finding({ until: '2026-11-20T14:00:00.000Z' })];
    const refusal = { writing: '2026-11-20T11:00:00.000Z#3', broken: ['TIME'] };
    const given = answer({ passes: false, judged, glass: { reason: 'it has expired', refusal, concerns: true } });
    expect(decideRecord(given, REQUEST, undefined, NOW)).toEqual({
      do: 'SET',
      blocked: {
        ...REQUEST,
        state: 'BLOCKED',
        at: '2026-11-20T12:00:00.000Z',
        reason: 'so it is',
        until: '2026-11-20T14:00:00.000Z',
        refusal,
      },
    });
  });

  test.each<[string, Blocked, string]>([
    ['the first moment of a block that goes on', EARLIER, EARLIER.at],
    [
      'a moment of its own for the block of another release',
      { ...EARLIER, executionId: 'e-0' },
      '2026-11-20T12:00:00.000Z',
    ],
    ['a moment of its own for a release that had passed', { ...EARLIER, state: 'OVER' }, '2026-11-20T12:00:00.000Z'],
  ])('keeps %s', (_what, before, at) => {
    expect(decideRecord(answer({ passes: false }), REQUEST, before, NOW)).toMatchObject({ do: 'SET', blocked: { at } });
  });

  test('keeps a stage that is rolled back as one that nobody retries', () => {
    const given = answer({ passes: false, isStageRollback: true });
    expect(decideRecord(given, REQUEST, undefined, NOW)).toMatchObject({ do: 'SET', blocked: { state: 'OVER' } });
  });

  test.each([
    ['its own block', EARLIER],
    ['that of an older one', { ...EARLIER, executionId: 'e-0' }],
  ])('ends, for a release that passes, %s', (_what, before) => {
    expect(decideRecord(answer(), REQUEST, before, NOW)).toEqual({ do: 'END', blocked: before });
  });

  test.each([undefined, { ...EARLIER, state: 'OVER' as const }])(
    'is left alone when there is no block to end',
    (before) => {
      expect(decideRecord(answer(), REQUEST, before, NOW)).toEqual({ do: 'NOTHING' });
    },
  );
});

test('a block is the same when the ledger has it for this release, and it is not over', () => {
  expect(isSameBlock(EARLIER, REQUEST)).toBe(true);
  expect(isSameBlock({ ...EARLIER, state: 'OVER' }, REQUEST)).toBe(false);
  expect(isSameBlock({ ...EARLIER, executionId: 'e-0' }, REQUEST)).toBe(false);
  expect(isSameBlock(undefined, REQUEST)).toBe(false);
});

describe('the team is notified', () => {
  test('of a block, once', () => {
    expect(kinds(answer({ passes: false }))).toEqual(['GATED']);
    expect(kinds(answer({ passes: false }), true)).toEqual([]);
  });

  test('of a stage that is rolled back, as a block that needs a person', () => {
    expect(kinds(answer({ passes: false, isStageRollback: true }))).toEqual(['BLOCKED']);
  });

  test('of every use of broken glass', () => {
    expect(kinds(answer({ glass: { record: RECORD } }), true)).toEqual(['GLASS_BROKEN']);
  });

  test('of warnings when a release passes, and not when it is blocked', () => {
    const judged = [finding({ warning: '20 % left' }), finding({ check: 'cadence', warning: 'soon' })];
    expect(noticesOf(answer({ judged }), false)).toEqual([{ kind: 'WARNED', why: 'freeze: 20 % left; cadence: soon' }]);
    expect(kinds(answer({ passes: false, judged }))).toEqual(['GATED']);
  });

  test('of nothing when a release just passes', () => {
    expect(kinds(answer())).toEqual([]);
  });
});

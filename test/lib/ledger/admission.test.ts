import { admit, isHeldBack, refusal } from '../../../lib/ledger/admission';
import type { Release, RolloutRecord } from '../../../lib/ledger/items';
import type { RolloutPlan } from '../../../lib/plan/rollout-plan';
import { scheduleFacts } from '../../../lib/plan/schedule-facts';
import { published, version } from '../../helpers/revisions';
import { examplePlan } from '../rollout/example';

const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
const at = (moment: string) => Date.parse(moment);
const plain = examplePlan(['api']);
const { Wave1, Wave2 } = plain.rollouts;

/** Wave1 takes 12 h, Wave2 in business hours 2 h. */
const plan: RolloutPlan = {
  ...plain,
  rollouts: { ...plain.rollouts, Wave2: { ...Wave2, window: OFFICE } },
  blackouts: [{ from: '2026-12-24T00:00:00Z', to: '2026-12-27T00:00:00Z' }],
};

describe('a rollout', () => {
  test('begins in its window, and without one', () => {
    expect(admit(plan, 'Wave2', at('2026-11-20T10:00:00Z'))).toEqual({ do: 'BEGIN' });
    expect(admit(plan, 'Wave1', at('2026-11-21T10:00:00Z'))).toEqual({ do: 'BEGIN' });
  });

  test('waits for its window, and shows until when and in which zone', () => {
    expect(admit(plan, 'Wave2', at('2026-11-21T10:00:00Z'))).toEqual({
      do: 'WAIT',
      until: at('2026-11-23T08:00:00Z'),
      reason: 'waits for its window "* 9-16 * * 1-5" in Europe/Berlin until Mon 2026-11-23 09:00 Europe/Berlin',
    });
  });

  test.each([
    ['itself', 'Wave2', '2026-12-23T15:30:00Z'],
    ['by waiting', 'Wave2', '2026-12-23T17:00:00Z'],
    ['during its wait', 'Wave2', '2026-12-23T17:00:00Z', '2026-12-23T20:00:00Z', '2026-12-23T21:00:00Z'],
    ['during the rollouts after it', 'Wave1', '2026-12-23T08:00:00Z'],
  ])(
    'is refused when it would meet a blackout, %s',
    (_how, rollout, now, from = '2026-12-24T00:00:00Z', to = '2026-12-27T00:00:00Z') => {
      const late = {
        ...plan,
        rollouts: { ...plan.rollouts, Wave2: { ...Wave2, observeMinutes: 600, window: OFFICE } },
        blackouts: [{ from, to }],
      };
      expect(admit(late, rollout, at(now))).toEqual({
        do: 'REFUSE',
        reason: expect.stringMatching(
          /^Wave\d would begin .* 2026-12-2.*: that meets the blackout from \w{3} 2026-12-2[34] \d\d:00 UTC/,
        ),
      });
    },
  );
});

describe('a past blackout', () => {
  const ended = (to: string): RolloutPlan => ({ ...plain, blackouts: [{ from: '2016-12-24T00:00:00Z', to }] });
  const now = at('2026-11-20T10:00:00Z');

  test.each(['2017-01-01T00:00:00Z', '2026-11-20T10:00:00Z'])('is ignored: %s', (to) => {
    expect(refusal(scheduleFacts(ended(to)), now)).toBeUndefined();
    expect(admit(ended(to), 'Wave1', now)).toEqual({ do: 'BEGIN' });
  });

  test('counts as long as it lasts, however long ago it began', () => {
    const lasting = ended('2026-11-20T10:00:01Z');
    expect(refusal(scheduleFacts(lasting), now)).toMatch(/that meets the blackout from Sat 2016-12-24 00:00 UTC/);
    expect(admit(lasting, 'Wave1', now)).toEqual({ do: 'REFUSE', reason: expect.stringContaining('that meets') });
  });
});

describe('a release that has not begun', () => {
  test('needs three hours more: publishing takes time, too', () => {
    const quick = { ...plain, rollouts: { canary: plain.rollouts.canary, Wave1 }, blackouts: plan.blackouts };
    // A day and twelve hours.
    expect(refusal(scheduleFacts(quick), at('2026-12-22T09:00:00Z'))).toBeUndefined();
    expect(refusal(scheduleFacts(quick), at('2026-12-22T09:01:00Z'))).toMatch(
      /^with 3 h for publishing, starting and settling, canary would begin Tue 2026-12-22 12:01 UTC, and Wave1 end Thu 2026-12-24 00:01 UTC: that meets/,
    );
  });

  test('is refused if a delay would make it miss a window', () => {
    // On time, Wave2 begins on Tuesday at 16:30 in Berlin; late, on Wednesday, and ends after noon.
    const noon = [{ from: '2026-12-23T09:30:00Z', to: '2026-12-27T00:00:00Z' }];
    const facts = scheduleFacts({ ...plan, blackouts: noon });
    expect(refusal(facts, at('2026-12-21T03:30:00Z'))).toMatch(
      /^with 3 h .*\(Wave2 would wait for its window .* until Wed 2026-12-23 09:00 Europe\/Berlin\): that meets/,
    );
    // The wait for a window absorbs the delay.
    expect(refusal(facts, at('2026-12-20T20:00:00Z'))).toBeUndefined();
  });
});

describe('a rollout that is held back', () => {
  const release = (over: Partial<Release> = {}): Release => ({
    executionId: 'e-1',
    commit: 'c0ffee',
    candidates: { 'us-east-1': { api: published('f', '2') } },
    stables: { 'us-east-1': { api: version('1') } },
    rollouts: {},
    changes: 1,
    ...over,
  });
  const record = (state: RolloutRecord['state']): RolloutRecord => ({
    state,
    reason: '',
    at: '2026-11-20T10:00:00Z',
    attempt: 1,
    shifted: true,
  });

  test('has something to shift', () => {
    expect(isHeldBack(release(), plan, 'Wave2')).toBe(true);
  });

  test.each(['STARTED', 'PASSED'] as const)('has not %s', (state) => {
    expect(isHeldBack(release({ rollouts: { Wave2: record(state) } }), plan, 'Wave2')).toBe(false);
  });

  test('has a candidate that is not served already', () => {
    expect(isHeldBack(release({ stables: { 'us-east-1': { api: version('2') } } }), plan, 'Wave2')).toBe(false);
  });

  test('may have no candidate or stable revision on record', () => {
    expect(isHeldBack(release({ stables: {} }), plan, 'Wave2')).toBe(true);
    expect(isHeldBack(release({ candidates: {} }), plan, 'Wave2')).toBe(true);
  });
});

import fc from 'fast-check';
import { type AcquireFacts, decideAcquire } from '../../../lib/ledger/decide-acquire';
import type { Holder, Release, RolloutRecord } from '../../../lib/ledger/items';

const AT = '2026-03-02T10:00:00.000Z';

const holder = (change: Partial<Holder> = {}): Holder => ({
  executionId: 'old',
  commit: 'c0ffee',
  token: 7,
  acquiredAt: AT,
  state: 'HELD',
  ...change,
});

const release = (executionId: string, change: Partial<Release> = {}): Release => ({
  executionId,
  commit: 'c0ffee',
  candidates: {},
  stables: {},
  rollouts: {},
  changes: 1,
  ...change,
});

const record = (state: RolloutRecord['state'], shifted = true): RolloutRecord => ({
  state,
  reason: 'because',
  at: AT,
  attempt: 1,
  shifted,
});

const decide = (facts: Partial<AcquireFacts>) =>
  decideAcquire({ executionId: 'new', holder: undefined, mine: release('new'), other: undefined, ...facts });

/** Another release holds production; its execution has this status. */
const held = (otherStatus: string | undefined, rollouts: Release['rollouts'] = {}, change: Partial<Release> = {}) =>
  decide({ holder: holder(), other: release('old', { token: 7, rollouts, ...change }), otherStatus });

test('the first release acquires production with token 1', () => {
  expect(decide({})).toEqual({ do: 'ACQUIRE', token: 1 });
});

test('free production is acquired with the next token', () => {
  expect(decide({ holder: holder({ state: 'FREE', ended: 'COMPLETED' }) })).toEqual({ do: 'ACQUIRE', token: 8 });
});

test('the holder of production keeps it, with its token', () => {
  expect(decide({ holder: holder({ executionId: 'new' }) })).toEqual({ do: 'KEEP', token: 7 });
});

describe('a person’s hold', () => {
  const hold = { service: 'orders', by: 'Ada', reason: 'orders are lost', at: AT };
  const blocked = {
    do: 'BLOCK',
    reason: `The pipeline is held by Ada since ${AT}: orders are lost. No release acquires production until: npx microservice-deployment-pipeline resume --service orders. Then retry the stage, or let the next commit pass.`,
  };

  test.each([
    ['that no release has acquired yet', undefined],
    ['that is free', holder({ state: 'FREE', ended: 'ROLLED_BACK' })],
    ['that another one holds', holder()],
  ])('blocks every release from production %s', (_name, by) => {
    expect(decide({ hold, holder: by })).toEqual(blocked);
  });

  test('leaves alone the release that holds production already', () => {
    expect(decide({ hold, holder: holder({ executionId: 'new' }) })).toEqual({ do: 'KEEP', token: 7 });
  });
});

test('a completed release that is being rolled back blocks without a read of its execution', () => {
  const other = release('old', { token: 7, returns: 'older', rollingBackSince: AT });
  expect(decide({ holder: holder(), other })).toEqual({
    do: 'BLOCK',
    reason: `Production is held by release old (commit c0ffee) since ${AT}. It is being rolled back since ${AT}.`,
  });
});

describe('a release runs once', () => {
  test.each(['COMPLETED', 'ROLLED_BACK', 'ABANDONED'] as const)('%s is refused, with the reason', (ended) => {
    expect(decide({ mine: release('new', { ended, reason: 'errors 5 % > 1 %' }) })).toEqual({
      do: 'REFUSE',
      reason: `Release new has ended: ${ended}, errors 5 % > 1 %. A release runs once; start a new execution of the pipeline.`,
    });
  });

  test('also when only the item `holder` has the end', () => {
    const ended = holder({ executionId: 'new', state: 'FREE', ended: 'ROLLED_BACK' });
    expect(decide({ holder: ended, mine: undefined })).toMatchObject({ do: 'REFUSE' });
  });

  test('a release that is older than the holder is refused, although production is free', () => {
    const mine = release('new', { token: 6 });
    expect(decide({ mine, holder: holder({ state: 'FREE' }) })).toMatchObject({
      do: 'REFUSE',
      reason: expect.stringContaining('Release new (token 6) is older than release old (commit c0ffee, token 7)'),
    });
  });
});

describe('production that another release holds', () => {
  test('depends on the status of its execution', () => {
    expect(held(undefined)).toEqual({ do: 'READ_STATUS', executionId: 'old' });
  });

  test.each(['InProgress', 'Stopping', 'SomethingNew'])(
    'blocks while that is %s, and the reason has the holder, its start and its rollouts',
    (status) => {
      expect(held(status, { canary: record('PASSED'), Wave1: record('STARTED') })).toEqual({
        do: 'BLOCK',
        reason: `Production is held by release old (commit c0ffee) since ${AT}; its execution is ${status}; it has reached canary PASSED, Wave1 STARTED.`,
      });
    },
  );

  test.each(['Failed', 'Stopped', 'Cancelled', 'Superseded', 'NotFound'])(
    'is taken over when that is %s and all regions are on stable',
    (status) => {
      expect(held(status)).toMatchObject({ do: 'TAKE_OVER', token: 8 });
      expect(held(status, { staging: record('STARTED'), canary: record('PASSED') })).toMatchObject({ do: 'TAKE_OVER' });
      expect(held(status, { canary: record('ROLLED_BACK') })).toMatchObject({ do: 'TAKE_OVER' });
    },
  );

  test.each<[string, Release['rollouts'], Partial<Release>]>([
    ['its canary has not returned', { canary: record('STARTED') }, {}],
    ['a wave has started', { canary: record('PASSED'), Wave1: record('STARTED') }, {}],
    ['a wave has passed', { canary: record('PASSED'), Wave1: record('PASSED') }, {}],
    ['it is being rolled back', { canary: record('PASSED') }, { rollingBackSince: AT }],
  ])('is not taken over when %s', (_name, rollouts, change) => {
    expect(held('Failed', rollouts, change)).toMatchObject({ do: 'BLOCK' });
  });

  test('is not taken over when the ledger has no item of its release', () => {
    expect(decide({ holder: holder(), other: undefined, otherStatus: 'Failed' })).toMatchObject({ do: 'BLOCK' });
  });

  test('is taken over after waves that had nothing to do', () => {
    expect(held('Failed', { canary: record('PASSED', false), Wave1: record('PASSED', false) })).toMatchObject({
      do: 'TAKE_OVER',
    });
  });

  test('is free when that release has ended, but its handler failed before it freed production', () => {
    expect(held(undefined, { Wave1: record('ROLLED_BACK') }, { ended: 'ROLLED_BACK' })).toEqual({
      do: 'ACQUIRE',
      token: 8,
    });
  });
});

const states = fc.constantFrom('STARTED' as const, 'PASSED' as const, 'ROLLED_BACK' as const);
const ended = fc.option(fc.constantFrom('COMPLETED' as const, 'ROLLED_BACK' as const, 'ABANDONED' as const), {
  nil: undefined,
});
const someRelease = (id: string) =>
  fc
    .record({
      token: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      rollouts: fc.dictionary(
        fc.constantFrom('staging', 'canary', 'Wave1', 'Wave2'),
        fc.tuple(states, fc.boolean()).map(([state, shifted]) => record(state, shifted)),
      ),
      ended,
      rollingBackSince: fc.option(fc.constant(AT), { nil: undefined }),
    })
    .map((change) => release(id, change));

const someFacts: fc.Arbitrary<AcquireFacts> = fc.record({
  executionId: fc.constant('new'),
  holder: fc.option(
    fc.record({
      executionId: fc.constantFrom('new', 'old'),
      commit: fc.constant('c0ffee'),
      token: fc.integer({ min: 1, max: 9 }),
      acquiredAt: fc.constant(AT),
      state: fc.constantFrom('HELD' as const, 'FREE' as const),
      ended,
    }),
    { nil: undefined },
  ),
  mine: fc.option(someRelease('new'), { nil: undefined }),
  other: fc.option(someRelease('old'), { nil: undefined }),
  otherStatus: fc.constantFrom(undefined, 'InProgress', 'Stopping', 'Failed', 'Stopped', 'Superseded', 'Cancelled'),
});

describe('for every state of the ledger', () => {
  test('production never passes from a release that may have the candidate out', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const decision = decideAcquire(facts);
        const another = facts.holder?.state === 'HELD' && facts.holder.executionId === 'old';
        if (!another || (decision.do !== 'ACQUIRE' && decision.do !== 'TAKE_OVER')) return;
        if (facts.other?.ended) return;
        const { rollouts = {}, rollingBackSince } = facts.other ?? {};
        const waves = Object.entries(rollouts).filter(([name]) => name.startsWith('Wave'));
        expect(facts.other).toBeDefined();
        expect(rollingBackSince).toBeUndefined();
        expect(waves.every(([, { shifted }]) => !shifted)).toBe(true);
        expect(rollouts.canary?.state).not.toBe('STARTED');
        expect(['Failed', 'Stopped', 'Superseded', 'Cancelled']).toContain(facts.otherStatus);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a token never repeats, and an ended release never acquires', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const decision = decideAcquire(facts);
        if (decision.do === 'ACQUIRE' || decision.do === 'TAKE_OVER') {
          expect(decision.token).toBe((facts.holder?.token ?? 0) + 1);
          expect(facts.mine?.ended).toBeUndefined();
        }
        if (decision.do === 'KEEP')
          expect(facts.holder).toMatchObject({ executionId: 'new', token: decision.token, state: 'HELD' });
      }),
      { numRuns: 2_000 },
    );
  });
});

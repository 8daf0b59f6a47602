import fc from 'fast-check';
import type { AlarmFacts, DeploymentFacts } from '../../../lib/aws/facts';
import type { RolloutRecord } from '../../../lib/ledger/items';
import type { RolloutKind } from '../../../lib/plan/rollout-plan';
import { decideBadEnd, decideWatch, type EnvironmentAnswer, type WatchFacts } from '../../../lib/rollout/decide-watch';

const START = '2026-03-02T10:00:00.000Z';
const at = (minutes: number): number => Date.parse(START) + minutes * 60_000;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

const deployment = (status: string, rest: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  id: 'd-eu',
  status,
  appSpec: {},
  ...rest,
});
const alarm = (state: string, stateReason = ''): AlarmFacts => ({ name: 'errors', state, stateReason });

const RUNS: EnvironmentAnswer = { deployments: [deployment('InProgress')], alarms: [alarm('OK')] };
const succeeded = (minutes: number): EnvironmentAnswer => ({
  deployments: [deployment('Succeeded', { completedAt: iso(minutes) })],
  alarms: [alarm('OK')],
});

/** Watches a canary in one region, and in us-east-1 if that has an answer, too. */
function look(
  answer: EnvironmentAnswer,
  change: Partial<WatchFacts> & { readonly minutes?: number; readonly second?: EnvironmentAnswer } = {},
) {
  const { minutes = 1, second, ...rest } = change;
  const us =
    second && 'deployments' in second
      ? { deployments: second.deployments.map((d) => ({ ...d, id: 'd-us' })), alarms: second.alarms }
      : second;
  return decideWatch({
    rollout: 'canary',
    kind: 'CANARY',
    observeMinutes: 60,
    deployments: { 'eu-west-1': { api: 'd-eu' }, ...(us && { 'us-east-1': { api: 'd-us' } }) },
    earlier: [],
    alarmNames: { 'eu-west-1': { api: ['errors'] }, 'us-east-1': { api: ['errors'] } },
    answers: { 'eu-west-1': answer, ...(us && { 'us-east-1': us }) },
    startedAt: START,
    observedMinutes: 0,
    attempt: 1,
    silentSince: {},
    legStartedAt: START,
    now: at(minutes),
    ...rest,
  });
}

describe('a region that an earlier wave has shifted', () => {
  const wave = (state: string) =>
    look(RUNS, {
      kind: 'WAVE',
      earlier: ['us-east-1'],
      answers: { 'eu-west-1': RUNS, 'us-east-1': { deployments: [], alarms: [alarm(state)] } },
    });

  test('is watched by its alarms', () => {
    expect(wave('ALARM')).toMatchObject({ next: 'ROLLBACK', reason: expect.stringContaining('us-east-1/api alarm') });
    expect(wave('OK')).toMatchObject({ next: 'WATCH' });
  });

  test('uses up patience when it does not answer', () => {
    const silent = look(RUNS, { kind: 'WAVE', earlier: ['us-east-1'], answers: { 'eu-west-1': RUNS } });
    expect(silent.silentSince).toHaveProperty('us-east-1');
  });
});

describe('a canary', () => {
  test('is watched until its observation ends', () => {
    expect(look(RUNS, { minutes: 59.9 })).toMatchObject({ next: 'WATCH', reason: 'canary: 59 of 60 min observed' });
    expect(look(RUNS, { minutes: 60 })).toMatchObject({ next: 'SETTLE', reason: 'canary: 60 of 60 min observed' });
  });

  test('keeps the facts for the next round', () => {
    expect(look(RUNS)).toEqual({
      next: 'WATCH',
      reason: 'canary: 1 of 60 min observed',
      startedAt: START,
      observedMinutes: 0,
      attempt: 1,
      deployments: { 'eu-west-1': { api: 'd-eu' } },
      silentSince: {},
    });
  });

  test('that CodeDeploy has promoted is bad', () => {
    expect(look(succeeded(1))).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('promoted the canary'),
    });
  });

  test('is not observed before its deployment runs', () => {
    const created = { ...RUNS, deployments: [deployment('Created')] };
    const first = look(created, { minutes: 5 });
    expect(first).toMatchObject({ next: 'WATCH', startedAt: iso(5), silentSince: { 'eu-west-1': iso(5) } });
    expect(look(RUNS, { minutes: 60, startedAt: first.startedAt })).toMatchObject({ next: 'WATCH' });
    expect(look(RUNS, { minutes: 65, startedAt: first.startedAt })).toMatchObject({ next: 'SETTLE' });
  });
});

describe('a canary whose traffic cycle is longer than a deployment', () => {
  const running = (createdMinutes: number): EnvironmentAnswer => ({
    deployments: [deployment('InProgress', { createdAt: iso(createdMinutes) })],
    alarms: [alarm('OK')],
  });
  const long = { observeMinutes: 5 * 24 * 60, legStartedAt: undefined };

  test('goes on in new deployments an hour before CodeDeploy would end these', () => {
    expect(look(running(-1), { ...long, minutes: 2_818 })).toMatchObject({ next: 'WATCH' });
    expect(look(running(-1), { ...long, minutes: 2_819 })).toMatchObject({
      next: 'SETTLE',
      renews: true,
      observedMinutes: 2_819,
      reason: expect.stringContaining('goes on in new deployments'),
    });
  });

  test('goes on by the age of the oldest deployment, also where one was started again later', () => {
    const outcome = look(running(2_000), { ...long, second: running(-1), startedAt: iso(2_001), minutes: 2_819 });
    expect(outcome).toMatchObject({ next: 'SETTLE', renews: true, observedMinutes: 818 });
  });

  test('settles for good once all deployments together have been observed long enough', () => {
    const carried = { ...long, observedMinutes: 5_640, startedAt: START };
    expect(look(running(0), { ...carried, minutes: 1_559 })).toMatchObject({ next: 'WATCH' });
    const settled = look(running(0), { ...carried, minutes: 1_560 });
    expect(settled).toMatchObject({ next: 'SETTLE', reason: 'canary: 7200 of 7200 min observed' });
    expect(settled.renews).toBeUndefined();
  });

  test('settles for good when its cycle and its deployment end in the same minute', () => {
    expect(look(running(0), { observeMinutes: 2_820, minutes: 2_820 }).renews).toBeUndefined();
  });
});

describe('a deployment that CodeDeploy ended for a reason of its own', () => {
  const lost = { ...RUNS, deployments: [deployment('Failed', { errorCode: 'INTERNAL_ERROR', errorMessage: 'oh' })] };

  test.each<RolloutKind>(['CANARY', 'WAVE', 'STAGING'])('is to be started again, in a rollout of kind %s', (kind) => {
    expect(look(lost, { kind, minutes: 30 })).toMatchObject({
      next: 'START',
      reason: 'canary: to be started again: eu-west-1/api deployment d-eu: Failed, INTERNAL_ERROR: oh',
    });
  });

  test('keeps the observation until then', () => {
    expect(look(lost, { minutes: 30, observedMinutes: 100 })).toMatchObject({ observedMinutes: 130 });
  });

  test.each(['ALARM_ACTIVE', 'HOOK_EXECUTION_FAILURE', 'MANUAL_STOP', undefined])(
    'does not include %s',
    (errorCode) => {
      const ended = { ...RUNS, deployments: [deployment('Stopped', { errorCode })] };
      expect(look(ended)).toMatchObject({ next: 'ROLLBACK' });
    },
  );

  test('does not hide a reason for a rollback elsewhere', () => {
    const firing = { ...RUNS, alarms: [alarm('ALARM', '9 > 1')] };
    expect(look(lost, { second: firing })).toMatchObject({ next: 'ROLLBACK' });
    expect(look({ ...lost, alarms: [alarm('ALARM', '9 > 1')] })).toMatchObject({ next: 'ROLLBACK' });
  });
});

describe.each<RolloutKind>(['WAVE', 'STAGING'])('a rollout of kind %s', (kind) => {
  test('bakes from the moment the last deployment has shifted all traffic', () => {
    const both = { kind, second: succeeded(45) };
    expect(look(succeeded(30), { ...both, minutes: 104 })).toMatchObject({ next: 'WATCH' });
    expect(look(succeeded(30), { ...both, minutes: 105 })).toMatchObject({ next: 'SETTLE' });
  });

  test('does not settle while one still shifts', () => {
    expect(look(succeeded(1), { kind, second: RUNS, minutes: 600 })).toMatchObject({
      next: 'WATCH',
      reason: expect.stringContaining('us-east-1/api shifts (InProgress)'),
    });
  });

  test('does not settle without the completion time of its shift', () => {
    const silent = { deployments: [deployment('Succeeded')], alarms: [alarm('OK')] };
    expect(look(silent, { kind, minutes: 600 })).toMatchObject({
      next: 'WATCH',
      silentSince: { 'eu-west-1': iso(600) },
    });
  });

  test('settles at once without an observation', () => {
    expect(look(succeeded(1), { kind, observeMinutes: 0 })).toMatchObject({ next: 'SETTLE' });
  });
});

describe('a bad release', () => {
  test.each<[string, EnvironmentAnswer, string]>([
    [
      'a failed deployment',
      {
        ...RUNS,
        deployments: [deployment('Failed', { errorCode: 'HOOK_EXECUTION_FAILURE', errorMessage: 'said no' })],
      },
      'eu-west-1/api deployment d-eu: Failed, HOOK_EXECUTION_FAILURE: said no',
    ],
    [
      'a stopped deployment',
      { ...RUNS, deployments: [deployment('Stopped', { errorCode: 'ALARM_ACTIVE' })] },
      'eu-west-1/api deployment d-eu: Stopped, ALARM_ACTIVE',
    ],
    ['an alarm', { ...RUNS, alarms: [alarm('ALARM', 'errors 12 > 5')] }, 'eu-west-1/api alarm errors: errors 12 > 5'],
  ])('%s is shown with its place and its numbers', (_name, answer, reason) => {
    expect(look(RUNS, { second: undefined }).next).toBe('WATCH');
    expect(look(answer)).toMatchObject({ next: 'ROLLBACK', reason: `canary: ${reason}` });
  });

  test('an alarm during the bake of a wave counts, too', () => {
    const firing = { ...succeeded(1), alarms: [alarm('ALARM', '9 > 1')] };
    expect(look(firing, { kind: 'WAVE', minutes: 100 })).toMatchObject({ next: 'ROLLBACK' });
  });

  test('is rolled back although another region is silent', () => {
    const failed = { ...RUNS, deployments: [deployment('Failed')] };
    expect(look({ error: 'timeout' }, { second: failed })).toMatchObject({ next: 'ROLLBACK' });
  });

  test('any failed or stopped deployment, anywhere, at any time, beside anything else, rolls back', () => {
    const answer = fc.oneof(
      fc.record({ error: fc.constant('timeout') }),
      fc.record({
        deployments: fc
          .constantFrom('Created', 'InProgress', 'Succeeded', 'Failed', 'Stopped')
          .map((status) => [deployment(status, { completedAt: iso(1) })]),
        alarms: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA').map((state) => [alarm(state)]),
      }),
    );
    fc.assert(
      fc.property(
        answer,
        answer,
        fc.constantFrom<RolloutKind>('STAGING', 'CANARY', 'WAVE'),
        fc.integer({ min: 0, max: 3_000 }),
        (one, two, kind, minutes) => {
          const bad = [one, two].some(
            (each) =>
              'deployments' in each &&
              (['Failed', 'Stopped'].includes(each.deployments[0].status) || each.alarms[0].state === 'ALARM'),
          );
          const { next, renews } = look(one, { second: two, kind, minutes });
          if (bad) expect(next).toBe('ROLLBACK');
          // And nothing settles for good unless all of it is well.
          if (next === 'SETTLE' && !renews) {
            for (const each of [one, two]) {
              expect('deployments' in each && each.alarms[0].state).toBe('OK');
              expect('deployments' in each && each.deployments[0].status).toBe(
                kind === 'CANARY' ? 'InProgress' : 'Succeeded',
              );
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('an environment that does not answer', () => {
  test.each<[string, EnvironmentAnswer, string]>([
    ['an error', { error: 'TimeoutError: no answer' }, 'eu-west-1: TimeoutError: no answer'],
    ['a deployment without data', { ...RUNS, deployments: [] }, 'CodeDeploy has no data about deployment d-eu'],
    ['an unknown status', { ...RUNS, deployments: [deployment('Dreaming')] }, 'does not run yet: Dreaming'],
    ['an alarm that does not exist', { ...RUNS, alarms: [] }, 'alarm errors does not exist'],
    ['an alarm without data', { ...RUNS, alarms: [alarm('INSUFFICIENT_DATA')] }, 'alarm errors is INSUFFICIENT_DATA'],
  ])('%s: has a patience of 15 min, and does not settle', (_name, answer, reason) => {
    const first = look(answer, { minutes: 60 });
    expect(first).toMatchObject({ next: 'WATCH', reason: expect.stringContaining(reason) });
    expect(first.silentSince).toEqual({ 'eu-west-1': iso(60) });
    expect(look(answer, { minutes: 75, silentSince: first.silentSince })).toMatchObject({ next: 'WATCH' });
    expect(look(answer, { minutes: 76, silentSince: first.silentSince })).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('no answer for more than 15 min'),
    });
  });

  test('that answers again gets its whole patience back', () => {
    expect(look(RUNS, { silentSince: { 'eu-west-1': iso(-14) } }).silentSince).toEqual({});
  });

  test('does not use up the patience of another', () => {
    const outcome = look({ error: 'timeout' }, { second: { error: 'timeout' }, silentSince: { 'us-east-1': START } });
    expect(outcome.silentSince).toEqual({ 'eu-west-1': iso(1), 'us-east-1': START });
  });
});

describe('a leg', () => {
  test('ends after 12 h, and the next goes on with its facts', () => {
    const facts = { observeMinutes: 10_000, second: { error: 'timeout' }, silentSince: { 'us-east-1': iso(719) } };
    expect(look(RUNS, { ...facts, minutes: 719 })).toMatchObject({ next: 'WATCH' });
    const outcome = look(RUNS, { ...facts, minutes: 720 });
    expect(outcome).toMatchObject({ next: 'NEW_LEG', startedAt: START, silentSince: { 'us-east-1': iso(719) } });
    expect(look(RUNS, { ...facts, minutes: 721, legStartedAt: iso(720) })).toMatchObject({ next: 'WATCH' });
  });

  test('settles or rolls back rather than begin anew', () => {
    expect(look(RUNS, { minutes: 720, observeMinutes: 720 })).toMatchObject({ next: 'SETTLE' });
  });
});

describe('a wave that waits for its window', () => {
  const window = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
  const earlier = (state: string): EnvironmentAnswer => ({
    deployments: [],
    alarms: [alarm(state, 'errors 9 % > 2 %')],
  });
  const wait = (minutes: number, answer: EnvironmentAnswer = earlier('OK'), change: Partial<WatchFacts> = {}) =>
    look(answer, {
      rollout: 'Wave2',
      kind: 'WAVE',
      observeMinutes: 0,
      deployments: {},
      earlier: ['eu-west-1'],
      waits: { until: iso(30), window },
      minutes,
      ...change,
    });

  test('shows its window, with the end of the wait and the zone, and keeps that end', () => {
    expect(wait(1)).toEqual({
      next: 'WATCH',
      reason: 'Wave2 waits for its window "* 9-16 * * 1-5" in Europe/Berlin until Mon 2026-03-02 11:30 Europe/Berlin',
      waitsUntil: iso(30),
      silentSince: {},
    });
  });

  test('starts when it opens, and not a moment before', () => {
    expect(wait(29.99)).toMatchObject({ next: 'WATCH' });
    expect(wait(30)).toEqual({
      next: 'START',
      reason: 'Wave2 begins: its window has opened',
      waitsUntil: iso(30),
      silentSince: {},
    });
  });

  test.each([1, 30])('rolls back when an alarm of an earlier wave fires, %d minutes in', (minutes) => {
    expect(wait(minutes, earlier('ALARM'))).toMatchObject({
      next: 'ROLLBACK',
      reason: 'Wave2: eu-west-1/api alarm errors: errors 9 % > 2 %',
    });
  });

  test('does not start while a region of an earlier wave gives no answer, and rolls back when that lasts', () => {
    const silence = (minutes: number) => wait(minutes, { error: 'away' }, { silentSince: { 'eu-west-1': iso(25) } });
    expect(silence(35)).toMatchObject({
      next: 'WATCH',
      reason: expect.stringMatching(/^Wave2 waits .*; eu-west-1: away$/),
      silentSince: { 'eu-west-1': iso(25) },
    });
    expect(silence(41)).toMatchObject({ next: 'ROLLBACK' });
  });

  test('goes on in a new leg', () => {
    const until = iso(3 * 24 * 60);
    expect(wait(12 * 60, earlier('OK'), { waits: { until, window } })).toMatchObject({
      next: 'NEW_LEG',
      waitsUntil: until,
    });
  });

  test('watches nothing as the first wave', () => {
    expect(wait(1, earlier('OK'), { earlier: [] })).toMatchObject({ next: 'WATCH' });
    expect(wait(30, earlier('OK'), { earlier: [] })).toMatchObject({ next: 'START' });
  });
});

describe('an apparent bad end', () => {
  const STARTED: RolloutRecord = { state: 'STARTED', reason: 'because', at: START, attempt: 2, shifted: true };

  test.each<[string, RolloutRecord | undefined, number | undefined, string]>([
    ['rolls back when the ledger was not read, or has no such rollout', undefined, 1, 'ROLLBACK'],
    ['rolls back in the attempt that the ledger has', STARTED, 2, 'ROLLBACK'],
    ['rolls back in an attempt that the ledger does not have yet', STARTED, 3, 'ROLLBACK'],
    ['rolls back when the rollout has been rolled back', { ...STARTED, state: 'ROLLED_BACK' }, 2, 'ROLLBACK'],
    ['goes on in the new deployments of another machine', STARTED, 1, 'START'],
    ['goes on in them also without an attempt: that is the first', STARTED, undefined, 'START'],
    ['goes on in them also while they settle', { ...STARTED, settlingSince: START }, 1, 'START'],
    ['settles when another machine has begun to', { ...STARTED, settlingSince: START }, 2, 'SETTLE'],
    ['settles when the rollout has passed', { ...STARTED, state: 'PASSED' }, 2, 'SETTLE'],
  ])('%s', (_what, record, attempt, next) => {
    expect(decideBadEnd(record, { attempt })).toBe(next);
  });
});

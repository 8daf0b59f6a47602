import type { AlarmFacts, DeploymentFacts } from '../../../lib/aws/facts';
import type { RolloutKind } from '../../../lib/plan/rollout-plan';
import { decideStart, isToStart, type Preflight, type StartFacts } from '../../../lib/rollout/decide-start';
import { serving, version } from '../../helpers/revisions';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const OK: AlarmFacts = {
  name: 'errors',
  state: 'OK',
  stateReason: 'no data point over the threshold',
  configuredAt: minutesAgo(60),
  stateUpdatedAt: minutesAgo(100),
};

const READY: Preflight = {
  busy: undefined,
  anchor: undefined,
  returnsToStable: true,
  refusals: [],
  alarmNames: ['errors'],
  alarms: [OK],
};

/** Facts about a target that is ready to be shifted from 3 to 4. */
const ready = (change: Partial<StartFacts> = {}, preflight: Partial<Preflight> = {}): StartFacts => ({
  environment: 'eu-west-1',
  key: 'api',
  candidate: version('4'),
  stable: version('3'),
  serving: serving('3'),
  ours: [],
  preflight: { ...READY, ...preflight },
  ...change,
});

const SERVED = { serving: serving('4'), preflight: undefined };

const deployment = (id: string, status: string, rest: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  id,
  status,
  appSpec: {},
  ...rest,
});

const decide = (targets: readonly StartFacts[], kind: RolloutKind = 'WAVE') => decideStart(kind, targets, NOW, []);

describe('a target of an earlier wave that does not serve the candidate any more', () => {
  const left = { environment: 'us-east-1', key: 'api', candidate: version('4'), serving: serving('3') };
  const among = (targets: readonly StartFacts[], earlier = left) => decideStart('WAVE', targets, NOW, [earlier]);

  test('holds up the start', () => {
    expect(among([ready()])).toEqual({
      do: 'WAIT',
      patience: 'start',
      reason: expect.stringMatching(/^us-east-1\/api serves .* instead of version 4$/),
    });
  });

  test('holds up a wave, too, that has nothing to do and would pass at once', () => {
    expect(among([ready(SERVED)])).toMatchObject({ do: 'WAIT' });
  });

  test('does not stop the watch over running deployments', () => {
    const running = ready({ ours: [deployment('d-2', 'InProgress')], preflight: undefined });
    expect(among([running])).toMatchObject({ do: 'START', targets: [] });
  });

  test('is fine when it serves the candidate', () => {
    expect(among([ready()], { ...left, serving: serving('4') })).toMatchObject({ do: 'START' });
  });
});

describe('a deployment that CodeDeploy ended for a reason of its own', () => {
  const lost = deployment('d-1', 'Failed', { errorCode: 'THROTTLED', errorMessage: 'slow down' });

  test('is created again, while those of the others go on', () => {
    const again = ready({ ours: [lost] });
    const runs = ready({ key: 'worker', ours: [deployment('d-2', 'InProgress')], preflight: undefined });
    expect(decide([again, runs])).toEqual({
      do: 'START',
      targets: [again],
      started: { 'eu-west-1': { worker: 'd-2' } },
    });
  });

  test('waits until CodeDeploy has returned its traffic', () => {
    const split = ready({ ours: [lost], serving: serving('3', { 4: 0.08 }) });
    expect(decide([split], 'CANARY')).toMatchObject({ do: 'WAIT', reason: expect.stringContaining('(8 %)') });
  });

  test('is created again once: then the release is bad', () => {
    const second = deployment('d-2', 'Failed', { errorCode: 'INTERNAL_ERROR' });
    expect(decide([ready({ ours: [second, lost] })])).toEqual({
      do: 'REFUSE',
      reason:
        'eu-west-1/api was started 2 times, and CodeDeploy ended it every time: Failed, INTERNAL_ERROR; Failed, THROTTLED: slow down',
    });
  });

  test('is replaced when the second one runs', () => {
    const running = ready({ ours: [deployment('d-2', 'InProgress'), lost], preflight: undefined });
    expect(decide([running])).toEqual({ do: 'START', targets: [], started: { 'eu-west-1': { api: 'd-2' } } });
  });

  test('is not created again when another one has come to a bad end meanwhile', () => {
    const stopped = ready({ key: 'worker', ours: [deployment('d-3', 'Stopped', { errorCode: 'ALARM_ACTIVE' })] });
    expect(decide([ready({ ours: [lost] }), stopped])).toMatchObject({
      do: 'REFUSE',
      reason: 'eu-west-1/worker is not well: deployment d-3 Stopped, ALARM_ACTIVE',
    });
  });
});

describe('deployments are created', () => {
  test('when every target is ready', () => {
    const targets = [ready(), ready({ environment: 'us-east-1' })];
    expect(decide(targets)).toEqual({ do: 'START', targets, started: {} });
  });

  test('only for targets that have none yet and do not serve the candidate', () => {
    const started = ready({ key: 'worker', ours: [deployment('d-1', 'InProgress')], preflight: undefined });
    const served = ready({ key: 'cron', ...SERVED });
    const open = ready();
    expect(decide([started, served, open])).toEqual({
      do: 'START',
      targets: [open],
      started: { 'eu-west-1': { worker: 'd-1' } },
    });
  });

  test('no more, when all are there', () => {
    const targets = [
      ready({ ours: [deployment('d-1', 'Succeeded')] }),
      ready({ key: 'worker', ours: [deployment('d-2', 'Failed')] }),
    ];
    expect(decide(targets)).toEqual({
      do: 'START',
      targets: [],
      started: { 'eu-west-1': { api: 'd-1', worker: 'd-2' } },
    });
  });
});

describe('nothing to do', () => {
  test('when every target serves the candidate already', () => {
    expect(decide([ready(SERVED), ready({ ...SERVED, key: 'worker' })])).toMatchObject({ do: 'NOTHING' });
  });

  test('on a first release, which published the candidate as the first version', () => {
    const first = ready({ candidate: version('1'), stable: version('1'), serving: serving('1'), preflight: undefined });
    expect(decide([first], 'CANARY')).toMatchObject({ do: 'NOTHING' });
  });

  test('but not for a canary whose candidate is served to everybody although it is not stable', () => {
    expect(decide([ready(SERVED)], 'CANARY')).toMatchObject({
      do: 'REFUSE',
      reason: expect.stringContaining('eu-west-1/api serves the candidate, version 4, to everybody'),
    });
  });

  test('nor for a target that gives the candidate only a share', () => {
    expect(isToStart(ready({ serving: serving('4', { 3: 0.5 }) }))).toBe(true);
  });
});

describe('a problem that waiting does not solve is refused', () => {
  test.each<[string, Partial<StartFacts>, Partial<Preflight>, string]>([
    ['nothing is served', { serving: undefined }, {}, 'eu-west-1/api serves nothing that could be shifted: publish it'],
    ['nothing was served when the release began', { stable: undefined }, {}, 'serves nothing that could be shifted'],
    ['a refusal of its kind', {}, { refusals: ['has another role'] }, 'eu-west-1/api has another role'],
    [
      'an anchor that failed',
      {},
      { returnsToStable: false, anchor: deployment('d-9', 'Failed', { errorCode: 'INTERNAL_ERROR' }) },
      'did not get its anchor: deployment d-9 Failed, INTERNAL_ERROR',
    ],
  ])('%s', (_name, change, preflight, reason) => {
    expect(decide([ready({ key: 'other' }), ready(change, preflight)])).toMatchObject({
      do: 'REFUSE',
      reason: expect.stringContaining(reason),
    });
  });

  test('the reason has all problems at once', () => {
    const decision = decide([ready({}, { refusals: ['a', 'b', 'c'] })]);
    expect('reason' in decision && decision.reason.split('; ')).toHaveLength(3);
  });
});

describe('a problem that waiting may solve', () => {
  test.each<[string, Partial<StartFacts>, Partial<Preflight>, string]>([
    [
      'another deployment in the group',
      { serving: serving('3', { 2: 0.5 }) },
      { busy: deployment('d-7', 'InProgress') },
      'eu-west-1/api waits for deployment d-7 (InProgress) in its deployment group',
    ],
    [
      'split traffic',
      { serving: serving('3', { 2: 0.08 }) },
      {},
      'serves version 3 (92 %) and version 2 (8 %) instead',
    ],
    [
      'an alarm in ALARM',
      {},
      { alarms: [{ ...OK, state: 'ALARM', stateReason: '5 > 1' }] },
      'alarm errors is ALARM, not OK: 5 > 1',
    ],
    [
      'an alarm without data',
      {},
      { alarms: [{ ...OK, state: 'INSUFFICIENT_DATA' }] },
      'alarm errors is INSUFFICIENT_DATA, not OK',
    ],
    ['an alarm that does not exist', {}, { alarms: [] }, 'alarm errors does not exist'],
    [
      'an alarm that has only just been configured',
      {},
      { alarms: [{ ...OK, configuredAt: minutesAgo(2.9), stateUpdatedAt: minutesAgo(3) }] },
      'has not been evaluated since it was configured',
    ],
  ])('%s', (_name, change, preflight, reason) => {
    expect(decide([ready({ key: 'other' }), ready(change, preflight)])).toEqual({
      do: 'WAIT',
      patience: 'start',
      reason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['updated since', { configuredAt: minutesAgo(1), stateUpdatedAt: minutesAgo(1) }],
    ['configured three minutes ago', { configuredAt: minutesAgo(3), stateUpdatedAt: minutesAgo(9) }],
    ['without a time of its configuration', { configuredAt: undefined, stateUpdatedAt: undefined }],
  ])('an alarm in OK counts: %s', (_name, times) => {
    expect(decide([ready({}, { alarms: [{ ...OK, ...times }] })])).toMatchObject({ do: 'START' });
  });

  test('the reason has the hindrances of all targets, and no deployment is created for any', () => {
    const decision = decide([
      ready({}, { alarms: [] }),
      ready({ key: 'worker' }, { alarms: [] }),
      ready({ key: 'cron' }),
    ]);
    expect(decision).toMatchObject({ do: 'WAIT' });
    expect('reason' in decision && decision.reason.match(/does not exist/g)).toHaveLength(2);
  });
});

describe('the anchor', () => {
  test('is set where CodeDeploy would return to another revision than stable', () => {
    const unset = ready({}, { returnsToStable: false });
    expect(decide([ready({ key: 'worker' }), unset])).toEqual({ do: 'ANCHOR', targets: [unset] });
  });

  test('has more patience, and is no other deployment in the group', () => {
    const anchor = deployment('d-5', 'InProgress');
    expect(decide([ready({}, { returnsToStable: false, anchor, busy: anchor })])).toEqual({
      do: 'WAIT',
      patience: 'anchor',
      reason: 'the anchor is being set for eu-west-1/api',
    });
  });

  test('comes after all hindrances', () => {
    expect(decide([ready({}, { returnsToStable: false, alarms: [] })])).toMatchObject({
      do: 'WAIT',
      patience: 'start',
    });
  });
});

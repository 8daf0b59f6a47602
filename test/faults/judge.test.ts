import type { Case } from './case';
import type { Ending } from './ending';
import { expectedOf, judge, mustBlock } from './judge';

const ON_STABLE: Ending = {
  served: { 'eu-west-1/http': '{"1":1}', 'us-east-1/http': '{"1":1}' },
  version: '1',
  running: [],
  held: false,
  holder: 'e-1',
  ended: 'ROLLED_BACK',
  disabled: [],
  incomplete: [],
  notified: ['rollback incomplete'],
};

const SPLIT: Ending = {
  ...ON_STABLE,
  served: { ...ON_STABLE.served, 'us-east-1/http': '{"2":1}' },
  version: undefined,
  held: true,
  ended: undefined,
};

const ofCall = (kind: string, operation = 'lambda:GetAlias', scenario: Case['scenario'] = 'healthy'): Case => ({
  name: '',
  row: kind,
  column: '',
  scenario,
  trouble: {
    is: 'call',
    kind,
    site: { action: 'canary', caller: 'start', operation, about: '', region: 'eu-west-1', nth: 1 },
  },
});

const ROLLBACK = new Set(['lambda:GetAlias', 'codedeploy:StopDeployment']);

test.each([
  [ofCall('throttled for 10 min'), 'completed'],
  [ofCall('throttled for 10 min', 'lambda:GetAlias', 'wave 2 turns bad'), 'rolled back'],
  [ofCall('access denied for good'), 'one revision or left with an alarm'],
  [ofCall('access denied for good', 'codedeploy:StopDeployment'), 'one revision or alarm'],
  [ofCall('access denied for good', 'ssm:GetParameters'), 'one revision'],
])('the required outcome follows from the fault: %#', (each, expected) => {
  expect(expectedOf(each, ROLLBACK)).toBe(expected);
});

describe('a gate', () => {
  const ofGate = (kind: string, operation: string, scenario: Case['scenario'] = 'healthy', about = ''): Case => {
    const site = { action: 'gate canary', caller: 'gate', operation, about, region: 'eu-west-1', nth: 1 };
    return { ...ofCall(kind, operation, scenario), trouble: { is: 'call', kind, site } };
  };

  test.each([
    [ofGate('throttled for 10 min', 'monitoring:GetMetricData'), 'completed', true],
    [ofGate('5xx once', 'monitoring:GetMetricData'), 'completed', false],
    [ofGate('empty answer', 'dynamodb:GetItem', 'healthy', 'stable'), 'completed', true],
    [ofGate('empty answer', 'dynamodb:GetItem', 'healthy', 'blocked'), 'completed', false],
    [ofGate('throttled for 10 min', 'dynamodb:PutItem', 'frozen'), 'completed', false],
    [ofGate('access denied for good', 'monitoring:GetMetricData'), 'blocked', true],
    [ofGate('access denied for good', 'monitoring:GetMetricData', 'glass broken'), 'one revision', false],
    [ofGate('access denied for good', 'dynamodb:GetItem', 'frozen', 'holder'), 'one revision', false],
  ])('blocks if a check gets no answer: %#', (each, expected, blocks) => {
    expect([expectedOf(each, ROLLBACK), mustBlock(each)]).toEqual([expected, blocks]);
  });

  test('lets no release pass without its facts', () => {
    expect(judge('blocked', { ...ON_STABLE, ended: undefined })).toEqual([]);
    expect(judge('blocked', { ...ON_STABLE, version: '2', ended: 'COMPLETED' })).toContain(
      'a gate let a release pass without its facts',
    );
  });
});

test('a release that was rolled back for a fault that passes fails its case', () => {
  expect(judge('completed', ON_STABLE)).toContain('expected COMPLETED, not ROLLED_BACK');
  expect(judge('rolled back', ON_STABLE)).toEqual([]);
});

test('a fleet on two revisions without an alarm fails its case', () => {
  expect(judge('one revision', SPLIT)).toEqual(['not all on version 1, although the release has not ended']);
});

test('the one revision is the one that the ledger names', () => {
  expect(judge('one revision', { ...ON_STABLE, ended: 'COMPLETED' })).not.toEqual([]);
});

test('an alarm must name every place that is left', () => {
  const alarm = (text: string) => judge('one revision or left with an alarm', { ...SPLIT, incomplete: [text] });
  expect(alarm('us-east-1/http serves version 2')).toEqual([]);
  expect(alarm('eu-west-1/http could not be read')).toEqual(['us-east-1/http {"2":1} is left, but no alarm names it']);
});

test('an alarm excuses nothing where the alias can still be pointed at stable', () => {
  expect(judge('one revision or alarm', { ...SPLIT, incomplete: ['us-east-1/http'] })).toHaveLength(1);
  expect(judge('one revision or alarm', { ...ON_STABLE, held: true, incomplete: ['us-east-1/http'] })).toEqual([]);
});

test('an alarm excuses nothing where the rollback has every permission', () => {
  expect(judge('one revision', { ...SPLIT, incomplete: ['us-east-1/http'] })).toHaveLength(1);
});

test('a deployment that still runs fails its case', () => {
  expect(judge('one revision', { ...ON_STABLE, running: ['us-east-1 d-1 InProgress'] })).toHaveLength(1);
});

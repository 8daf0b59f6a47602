import type { DeploymentFacts } from '../../../lib/aws/facts';
import { decideSettle, type SettleFacts } from '../../../lib/rollout/decide-settle';

const deployment = (status: string, errorCode?: string): DeploymentFacts => ({
  id: 'd-1',
  status,
  errorCode,
  appSpec: {},
});
const STABLE = { version: '3', weights: {} };
const CANDIDATE = { version: '4', weights: {} };
const SPLIT = { version: '3', weights: { 4: 0.08 } };

const facts = (change: Partial<SettleFacts> = {}): SettleFacts => ({
  environment: 'eu-west-1',
  key: 'api',
  candidate: '4',
  stable: '3',
  alias: STABLE,
  deploymentId: 'd-1',
  deployment: deployment('Stopped', 'MANUAL_STOP'),
  returning: deployment('Succeeded'),
  ...change,
});

describe('a canary', () => {
  const settle = (...functions: SettleFacts[]) => decideSettle('CANARY', functions);

  test('is stopped while it runs', () => {
    const running = facts({ deployment: deployment('InProgress'), alias: SPLIT, returning: undefined });
    expect(settle(running, facts())).toMatchObject({ do: 'WAIT', stop: [running] });
  });

  test('has passed when it was stopped and stable serves alone', () => {
    expect(settle(facts())).toEqual({ do: 'PASSED', reason: 'observed to its end and returned to stable' });
  });

  test('has passed without a word of its return, when the alias says so', () => {
    expect(settle(facts({ returning: undefined, deployment: deployment('Stopped') })).do).toBe('PASSED');
  });

  test('is waited for while it returns, although stable serves already', () => {
    expect(settle(facts({ returning: deployment('InProgress') }))).toMatchObject({ do: 'WAIT', stop: [] });
  });

  test('is waited for while traffic is split', () => {
    expect(settle(facts({ alias: SPLIT }))).toMatchObject({
      do: 'WAIT',
      reason: 'eu-west-1/api serves version 3 (92 %) and version 4 (8 %) instead of version 3',
    });
  });

  test('with nothing to shift has passed when it serves what it served', () => {
    const nothing = facts({ deploymentId: undefined, deployment: undefined, returning: undefined });
    expect(settle(nothing).do).toBe('PASSED');
    expect(settle({ ...nothing, alias: CANDIDATE }).do).toBe('WAIT');
  });

  test.each([
    ['an alarm stopped at the last moment', deployment('Stopped', 'ALARM_ACTIVE'), 'Stopped, ALARM_ACTIVE'],
    ['failed', deployment('Failed', 'HOOK_EXECUTION_FAILURE'), 'Failed, HOOK_EXECUTION_FAILURE'],
    ['was promoted', deployment('Succeeded'), 'has promoted the canary'],
  ])('that %s is bad, although others are well', (_name, bad, reason) => {
    expect(settle(facts(), facts({ deployment: bad }))).toMatchObject({
      do: 'ROLL_BACK',
      reason: expect.stringContaining(reason),
    });
  });

  test('whose deployment is not told of is waited for', () => {
    expect(settle(facts({ deployment: undefined }))).toMatchObject({ do: 'WAIT', stop: [] });
  });
});

describe.each(['WAVE', 'STAGING'] as const)('a rollout of kind %s', (kind) => {
  test('has passed when every alias serves the candidate alone', () => {
    const done = decideSettle(kind, [
      facts({ alias: CANDIDATE }),
      facts({ alias: CANDIDATE, deploymentId: undefined }),
    ]);
    expect(done).toEqual({ do: 'PASSED', reason: 'all traffic is on the candidate' });
  });

  test.each([
    ['stable', STABLE],
    ['both', { version: '4', weights: { 3: 0.5 } }],
    ['nothing', undefined],
  ])('is waited for when one serves %s', (_name, alias) => {
    expect(decideSettle(kind, [facts({ alias: CANDIDATE }), facts({ alias })])).toMatchObject({ do: 'WAIT', stop: [] });
  });
});

import type { DeploymentFacts } from '../../../lib/aws/facts';
import { decideSettle, type SettleFacts } from '../../../lib/rollout/decide-settle';
import { serving, version } from '../../helpers/revisions';

const deployment = (status: string, errorCode?: string): DeploymentFacts => ({
  id: 'd-1',
  status,
  errorCode,
  appSpec: {},
});
const STABLE = serving('3');
const CANDIDATE = serving('4');
const SPLIT = serving('3', { 4: 0.08 });

const facts = (change: Partial<SettleFacts> = {}): SettleFacts => ({
  environment: 'eu-west-1',
  key: 'api',
  candidate: version('4'),
  stable: version('3'),
  serving: STABLE,
  deploymentId: 'd-1',
  deployment: deployment('Stopped', 'MANUAL_STOP'),
  returning: deployment('Succeeded'),
  ...change,
});

describe('a canary', () => {
  const settle = (...targets: SettleFacts[]) => decideSettle('CANARY', targets);

  test('is stopped while it runs', () => {
    const running = facts({ deployment: deployment('InProgress'), serving: SPLIT, returning: undefined });
    expect(settle(running, facts())).toMatchObject({ do: 'WAIT', stop: [running] });
  });

  test('has passed when it was stopped and stable serves alone', () => {
    expect(settle(facts())).toEqual({ do: 'PASSED', reason: 'observed to its end and returned to stable' });
  });

  test('has passed without an event of its return, when stable serves alone', () => {
    expect(settle(facts({ returning: undefined, deployment: deployment('Stopped') })).do).toBe('PASSED');
  });

  test('waits while it returns, although stable serves already', () => {
    expect(settle(facts({ returning: deployment('InProgress') }))).toMatchObject({ do: 'WAIT', stop: [] });
  });

  test('waits while traffic is split', () => {
    expect(settle(facts({ serving: SPLIT }))).toMatchObject({
      do: 'WAIT',
      reason: 'eu-west-1/api serves version 3 (92 %) and version 4 (8 %) instead of version 3',
    });
  });

  test('with nothing to shift has passed when it serves the same as before', () => {
    const nothing = facts({ deploymentId: undefined, deployment: undefined, returning: undefined });
    expect(settle(nothing).do).toBe('PASSED');
    expect(settle({ ...nothing, serving: CANDIDATE }).do).toBe('WAIT');
  });

  test.each([
    ['an alarm stopped at the last moment', deployment('Stopped', 'ALARM_ACTIVE'), 'Stopped, ALARM_ACTIVE'],
    ['failed', deployment('Failed', 'HOOK_EXECUTION_FAILURE'), 'Failed, HOOK_EXECUTION_FAILURE'],
    ['was promoted', deployment('Succeeded'), 'has promoted the canary'],
  ])('that %s is bad, although others are well', (_name, bad, reason) => {
    expect(settle(facts(), facts({ deployment: bad }))).toMatchObject({
      do: 'ROLLBACK',
      reason: expect.stringContaining(reason),
    });
  });

  test('waits for a deployment without data', () => {
    expect(settle(facts({ deployment: undefined }))).toMatchObject({ do: 'WAIT', stop: [] });
  });
});

describe.each(['WAVE', 'STAGING'] as const)('a rollout of kind %s', (kind) => {
  test('has passed when every target serves the candidate alone', () => {
    const done = decideSettle(kind, [
      facts({ serving: CANDIDATE }),
      facts({ serving: CANDIDATE, deploymentId: undefined }),
    ]);
    expect(done).toEqual({ do: 'PASSED', reason: 'all traffic is on the candidate' });
  });

  test.each([
    ['stable', STABLE],
    ['both', serving('4', { 3: 0.5 })],
    ['nothing', undefined],
  ])('waits when one target serves %s', (_name, served) => {
    expect(decideSettle(kind, [facts({ serving: CANDIDATE }), facts({ serving: served })])).toMatchObject({
      do: 'WAIT',
      stop: [],
    });
  });
});

import fc from 'fast-check';
import type { DeploymentFacts } from '../../../lib/aws/facts';
import { decideRollback, type RollbackFacts } from '../../../lib/rollback/decide-return';
import { serving, version } from '../../helpers/revisions';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const secondsAgo = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const STABLE = serving('3');
const CANDIDATE = serving('4');
const SPLIT = serving('3', { 4: 0.08 });

const of = (status: string, rest: Partial<DeploymentFacts> & { readonly toStable?: boolean } = {}) => {
  const { toStable = false, ...deployment } = rest;
  return { deployment: { id: 'd-1', status, appSpec: {}, completedAt: secondsAgo(600), ...deployment }, toStable };
};

const OURS = { description: 'rollback of c0ffee [e-1/Wave1/rollback]' };

const facts = (change: Partial<RollbackFacts> = {}): RollbackFacts => ({
  environment: 'eu-west-1',
  key: 'api',
  phase: 'PRODUCTION',
  executionId: 'e-1',
  stable: version('3'),
  candidate: version('4'),
  serving: CANDIDATE,
  deployments: [of('Succeeded')],
  ...change,
});

const decide = (change: Partial<RollbackFacts>) => decideRollback(facts(change), NOW);

test('a target that serves stable alone, with nothing under way, is done', () => {
  expect(decide({ serving: STABLE })).toEqual({ do: 'DONE' });
  expect(decide({ serving: serving('3', { 4: 0 }) })).toEqual({ do: 'DONE' });
});

test('a target that serves the candidate is shifted to stable', () => {
  expect(decide({})).toMatchObject({ do: 'RETURN', from: version('4'), to: version('3') });
});

test('a split target, for which Lambda refuses deployments, has its alias pointed at stable', () => {
  const found = serving('3', { 4: 0.08 }, 'r-1');
  expect(decide({ serving: found })).toMatchObject({ do: 'POINT', to: version('3'), found });
});

test('a target that has only just been left split waits: CodeDeploy may return it', () => {
  const stopped = [of('Stopped', { completedAt: secondsAgo(59) })];
  expect(decide({ serving: SPLIT, deployments: stopped })).toMatchObject({ do: 'WAIT' });
});

test('a running deployment is stopped', () => {
  expect(decide({ serving: SPLIT, deployments: [of('InProgress', { id: 'd-7' })] })).toMatchObject({
    do: 'STOP',
    deploymentId: 'd-7',
  });
});

test('a running deployment is stopped although the alias serves stable: it has not shifted yet', () => {
  expect(decide({ serving: STABLE, deployments: [of('Created')] })).toMatchObject({ do: 'STOP' });
});

test.each([
  ['the anchor', { toStable: true }],
  ['CodeDeploy’s own return', { returns: 'd-0' }],
  ['our own return', OURS],
])('%s goes on while the rollback waits', (_name, rest) => {
  expect(decide({ serving: SPLIT, deployments: [of('InProgress', rest)] })).toMatchObject({ do: 'WAIT' });
});

test('the alias is pointed at stable after a failed return of ours, and a pause', () => {
  const failed = (seconds: number) => [
    of('Failed', { ...OURS, errorCode: 'INTERNAL_ERROR', completedAt: secondsAgo(seconds) }),
  ];
  expect(decide({ deployments: failed(59) })).toMatchObject({
    do: 'WAIT',
    reason: expect.stringContaining('after deployment d-1: Failed, INTERNAL_ERROR'),
  });
  expect(decide({ deployments: failed(60) })).toMatchObject({ do: 'POINT', to: version('3') });
});

test('a return of CodeDeploy that failed is followed by one of ours', () => {
  const failed = [of('Failed', { returns: 'd-0', errorCode: 'ALARM_ACTIVE' })];
  expect(decide({ deployments: failed })).toMatchObject({ do: 'RETURN', from: version('4'), to: version('3') });
});

test('an alias that serves stable does not count when a deployment has only just ended', () => {
  expect(decide({ serving: STABLE, deployments: [of('Succeeded', { completedAt: secondsAgo(59) })] })).toMatchObject({
    do: 'WAIT',
  });
});

test('a shift that has only just ended is returned at once', () => {
  expect(decide({ deployments: [of('Succeeded', { completedAt: secondsAgo(1) })] })).toMatchObject({ do: 'RETURN' });
});

test('a function without a recorded stable revision is left as it is', () => {
  expect(decide({ stable: undefined })).toEqual({ do: 'LEAVE', reason: 'no stable revision is recorded for it' });
});

test('a function without an alias is left as it is', () => {
  expect(decide({ serving: undefined })).toEqual({ do: 'LEAVE', reason: 'it serves nothing any more' });
});

describe('staging, which no ledger holds', () => {
  const staging = { phase: 'STAGING' } as const;

  test('is returned like any other', () => {
    expect(decide(staging)).toMatchObject({ do: 'RETURN' });
  });

  test.each([
    ['serves the version of another release', { serving: serving('5') }],
    ['gives a share to one', { serving: serving('4', { 5: 0.1 }) }],
    ['is being shifted by one', { deployments: [of('InProgress', { description: 'staging of x [e-2/staging]' })] }],
  ])('is left to a newer release when it %s', (_name, change) => {
    expect(decide({ ...staging, ...change })).toMatchObject({ do: 'LEAVE' });
    expect(decide(change).do).not.toBe('LEAVE');
  });
});

test('a rollback is done only where stable serves alone and nothing moves', () => {
  const alias = fc.constantFrom(STABLE, CANDIDATE, SPLIT, serving('9'));
  const status = fc.constantFrom('Created', 'InProgress', 'Succeeded', 'Failed', 'Stopped');
  fc.assert(
    fc.property(alias, fc.array(status, { maxLength: 3 }), fc.boolean(), (served, statuses, toStable) => {
      const deployments = statuses.map((each) => of(each, { toStable }));
      const moves = statuses.some((each) => each === 'Created' || each === 'InProgress');
      expect(decide({ serving: served, deployments }).do === 'DONE').toBe(served === STABLE && !moves);
    }),
  );
});

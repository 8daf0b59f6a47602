import type { ReportAnswer } from '../../../../lib/budget/budget-report';
import { signalsBudget } from '../../../../lib/gate/checks/decide-signals-budget';

const CONFIG = {
  kind: 'ERROR_BUDGET' as const,
  name: 'signals orders',
  stages: ['Canary' as const],
  objective: 99.9,
  source: { kind: 'APPLICATION_SIGNALS' as const, sloId: 'orders' },
  policy: { kind: 'UNTIL_RECOVERED' as const, windowMinutes: 40_320 },
  warnBelow: 25,
  silentMinutes: 1_440,
};

const report = (region: string, status: string, remaining?: number): ReportAnswer => ({
  region,
  status,
  attainment: 99.95,
  goal: 99.9,
  total: 1_000,
  remaining,
});

const decide = (...answers: readonly ReportAnswer[]) => signalsBudget(CONFIG, answers);

test('passes when no region has spent its budget, and reports the smallest rest', () => {
  expect(decide(report('us-east-1', 'OK', 800), report('eu-west-1', 'OK', 500))).toEqual({
    check: 'signals orders',
    verdict: 'PASS',
    reason:
      'the error budget of SLO orders is not spent: us-east-1 OK (99.950 % attained, goal 99.9 %, 80.0 % of the budget left); ' +
      'eu-west-1 OK (99.950 % attained, goal 99.9 %, 50.0 % of the budget left)',
    budgetLeft: 50,
    measured: 50,
    limit: 0,
    warning: undefined,
  });
});

test('warns where little is left', () => {
  expect(decide(report('us-east-1', 'WARNING', 200))).toMatchObject({
    verdict: 'PASS',
    warning: '20.0 % of the budget left < 25 %',
  });
});

test('fails when one region has spent its budget, whatever the others report', () => {
  expect(
    decide(report('us-east-1', 'OK', 800), report('eu-west-1', 'BREACHED', -10), { region: 'x', error: 'denied' }),
  ).toMatchObject({ verdict: 'FAIL', budgetLeft: -1, unblockedBy: expect.any(String) });
});

test('is an ERROR when a region could not be read', () => {
  expect(decide(report('us-east-1', 'OK', 800), { region: 'eu-west-1', error: 'denied' })).toMatchObject({
    verdict: 'ERROR',
    reason: 'SLO orders could not be read: eu-west-1: denied',
  });
});

test.each(['INSUFFICIENT_DATA', 'A_WORD_OF_TOMORROW'])('is INCONCLUSIVE when the status is %s', (status) => {
  expect(decide(report('us-east-1', 'OK', 800), report('eu-west-1', status))).toMatchObject({
    verdict: 'INCONCLUSIVE',
  });
});

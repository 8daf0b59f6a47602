import type { Finding } from '../../../lib/core/finding';
import { ShapeError } from '../../../lib/core/shape';
import type { BreakGlassRecord } from '../../../lib/gate/break-glass';
import { decideAnswer, errorAnswer, stageRollbackAnswer } from '../../../lib/gate/decide-answer';
import type { Judged } from '../../../lib/gate/report';

const REQUEST = { stage: 'Canary', executionId: 'e-1', commit: 'c0ffee' } as const;
const judged = (verdict: Finding['verdict'], check = 'freeze'): Judged => ({
  finding: { check, verdict, reason: `${check} says so` },
  blocks: verdict !== 'PASS',
});

const RECORD: BreakGlassRecord = {
  version: 1,
  executionId: 'e-1',
  stage: 'Canary',
  jobId: 'job-1',
  incident: 'INC-1',
  reason: 'checkout is down',
  by: 'Jo Doe',
  session: 'arn:aws:sts::111111111111:assumed-role/lead/jo',
  until: '2026-11-20T14:00:00.000Z',
  usedAt: '2026-11-20T12:00:00.000Z',
  overridden: [],
};

test('a release passes when nothing blocks', () => {
  expect(decideAnswer(REQUEST, [judged('PASS')], {})).toMatchObject({
    passes: true,
    report: 'Release e-1 may enter Canary.\nPASS freeze: freeze says so',
  });
});

test('a release is blocked by any check that blocks, and the answer has their number', () => {
  const answer = decideAnswer(REQUEST, [judged('FAIL'), judged('PASS', 'cadence')], {});
  expect(answer.passes).toBe(false);
  expect(answer.report).toContain('must not enter Canary now: 1 of 2 checks block. The gate retries it when they pass');
});

const REFUSED = { reason: 'it has expired', refusal: { broken: ['TIME'] } };

test('broken glass lets a release pass, and the answer names the person, the incident and the traffic cycle', () => {
  const answer = decideAnswer(REQUEST, [judged('FAIL')], { record: RECORD, note: 'its traffic cycle is 30 min' });
  expect(answer.passes).toBe(true);
  expect(answer.report).toContain(
    'Release e-1 may enter Canary: Jo Doe has broken the glass for INC-1, checkout is down; its traffic cycle is 30 min.',
  );
});

test('a refusal of broken glass stands before all other reasons', () => {
  const { report } = decideAnswer(REQUEST, [judged('FAIL')], { ...REFUSED, concerns: true });
  expect(report.split('\n').slice(1)).toEqual(['FAIL break glass: it has expired', 'FAIL freeze: freeze says so']);
});

test.each([
  ['is shown when it is meant for this release', true],
  ['is left out when it is an old one', false],
])('a refusal of broken glass, where nothing blocks, %s', (_what, concerns) => {
  const { report, passes } = decideAnswer(REQUEST, [judged('PASS')], { ...REFUSED, concerns });
  expect(passes).toBe(true);
  expect(report.includes('break glass')).toBe(concerns);
});

test('a stage that is rolled back is blocked with the command that rolls a release back', () => {
  expect(stageRollbackAnswer('orders', REQUEST, 'e-0')).toMatchObject({
    passes: false,
    isStageRollback: true,
    report: expect.stringContaining('npx microservice-deployment-pipeline rollback --service orders'),
  });
});

test.each([
  [new ShapeError('GATE must be JSON'), 'The gate could not be evaluated: GATE must be JSON'],
  [new TypeError('no table'), 'The gate could not be evaluated: TypeError: no table'],
])('a gate that fails blocks: %s', (error, report) => {
  expect(errorAnswer(error)).toMatchObject({ passes: false, report });
});

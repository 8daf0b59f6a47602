import { type CustomConfig, custom, customRequest, readCustomAnswer } from '../../../../lib/gate/checks/custom';
import { aCandidate } from '../candidate';

const config: CustomConfig = {
  kind: 'CUSTOM',
  name: 'review board',
  stages: ['Canary'],
  functionName: 'review-board',
};
const answer = (payload: unknown, functionError?: string) =>
  readCustomAnswer(
    config,
    {
      payload: typeof payload === 'string' || payload === undefined ? payload : JSON.stringify(payload),
      functionError,
    },
    Date.parse('2026-11-20T12:00:00Z'),
  );

test('a function gets the check, the release, and its parameters', () => {
  const release = { service: 'orders', stage: 'Canary', executionId: 'e-1', commit: 'c0ffee' } as const;
  expect(customRequest({ ...config, parameters: { board: 'payments' } }, release)).toEqual({
    schema: 1,
    check: 'review board',
    ...release,
    parameters: { board: 'payments' },
  });
  expect(customRequest(config, release).parameters).toEqual({});
});

test('a function gets nothing more when a blocked release is evaluated again', async () => {
  const blocked = { state: 'BLOCKED', reason: 'FAIL freeze: frozen by Jo Doe', at: '2026-11-20T11:00:00Z' } as const;
  const request = { ...aCandidate().request, ...blocked };
  const invoke = jest.fn(async () => ({ payload: undefined }));
  await custom.readFacts(config, aCandidate({ request, invoke }));
  const { stage, executionId, commit } = request;
  expect(invoke).toHaveBeenCalledWith(
    'review-board',
    customRequest(config, { service: 'orders', stage, executionId, commit }),
  );
});

test('all fields of its verdict are read', () => {
  expect(
    answer({
      verdict: 'FAIL',
      reason: '3 incidents are open, none is allowed',
      since: '2026-11-20T08:00:00Z',
      until: '2026-11-20T14:00:00+01:00',
      unblockedBy: 'the incidents are closed',
      measured: 3,
      limit: 0,
    }),
  ).toEqual({
    check: 'review board',
    verdict: 'FAIL',
    reason: '3 incidents are open, none is allowed',
    since: '2026-11-20T08:00:00.000Z',
    until: '2026-11-20T13:00:00.000Z',
    unblockedBy: 'the incidents are closed',
    measured: 3,
    limit: 0,
  });
});

test.each(['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR'])('%s needs no more than a reason', (verdict) => {
  expect(answer({ verdict, reason: 'so it is' })).toEqual({ check: 'review board', verdict, reason: 'so it is' });
});

test.each([
  ['nothing', undefined, 'the answer of function review-board must be JSON, but is ""'],
  ['null', 'null', 'the answer of function review-board must be an object, but is null'],
  ['a boolean', 'true', 'must be an object, but is true'],
  [
    'no verdict',
    { reason: 'x' },
    '"verdict" of the answer of function review-board must be one of PASS, FAIL, INCONCLUSIVE, ERROR',
  ],
  ['a verdict in lower case', { verdict: 'pass', reason: 'x' }, 'but is "pass"'],
  [
    'no reason',
    { verdict: 'PASS' },
    '"reason" of the answer of function review-board must be a text that is not empty',
  ],
  ['an empty reason', { verdict: 'PASS', reason: ' ' }, '"reason" of'],
  ['a day as its end', { verdict: 'FAIL', reason: 'x', until: '2026-11-20' }, '"until" of'],
  ['words as since', { verdict: 'FAIL', reason: 'x', since: 'today' }, '"since" of'],
  ['a text as number', { verdict: 'FAIL', reason: 'x', measured: '3' }, '"measured" of'],
])('%s is an error with a valid example', (_what, payload, reason) => {
  const finding = answer(payload);
  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(reason) });
  expect(finding.reason).toContain('A right answer is {"verdict":"FAIL"');
});

test('a function that failed is an error, even if what it returned looks like a verdict', () => {
  expect(answer({ errorMessage: 'no table', stackTrace: ['at x'] }, 'Unhandled')).toMatchObject({
    verdict: 'ERROR',
    reason: 'the function review-board failed (Unhandled): no table',
  });
  expect(answer({ verdict: 'PASS', reason: 'x' }, 'Unhandled')).toMatchObject({
    verdict: 'ERROR',
    reason: 'the function review-board failed (Unhandled): it gave no reason',
  });
});

test('a reason is cut', () => {
  expect(answer({ verdict: 'FAIL', reason: 'x'.repeat(5_000) }).reason).toHaveLength(1_000);
});

import type { LoadTestConfig } from '../../../../lib/gate/checks/load-test';
import { checkLoadTest, type LoadTestFacts } from '../../../../lib/gate/checks/load-test';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const config: LoadTestConfig = {
  kind: 'LOAD_TEST',
  name: 'load test',
  stages: ['Canary'],
  parameter: '/deployment-pipeline/orders/load-test',
  configuration: '200 rps, 30 min',
};
const passed = {
  commit: 'c0ffee',
  passed: true,
  at: '2026-11-20T11:00:00Z',
  configuration: '200 rps, 30 min',
  report: 'https://example.com/7',
};

const check = (value: unknown, facts: Partial<LoadTestFacts> = {}, over: Partial<LoadTestConfig> = {}) =>
  checkLoadTest(
    { ...config, ...over },
    {
      parameter: {
        value: typeof value === 'string' ? value : JSON.stringify(value),
        version: 1,
        modifiedAt: '2026-11-20T11:30:00Z',
      },
      commit: 'c0ffee',
      stagingSince: '2026-11-20T10:00:00Z',
      ...facts,
    },
    NOW,
  );

test('passes with a load test of this commit, begun when staging served it, as it is configured', () => {
  expect(check(passed)).toEqual({
    check: 'load test',
    verdict: 'PASS',
    reason: 'the load test of c0ffee passed; it began Fri 2026-11-20 11:00 UTC, report: https://example.com/7',
  });
});

test('passes with whatever configuration when the check names none', () => {
  expect(check({ ...passed, configuration: undefined }, {}, { configuration: undefined }).verdict).toBe('PASS');
  expect(check(passed, {}, { configuration: undefined }).verdict).toBe('PASS');
});

test('one that began the moment staging served the candidate counts', () => {
  expect(check({ ...passed, at: '2026-11-20T10:00:00Z' }).verdict).toBe('PASS');
});

test.each([
  [
    'there is none',
    undefined,
    'no load test has reported: there is no parameter /deployment-pipeline/orders/load-test',
  ],
  [
    'it is of another commit',
    { ...passed, commit: 'decade' },
    'the last load test is of commit decade, but the candidate is c0ffee (it began Fri 2026-11-20 11:00 UTC, report: https://example.com/7)',
  ],
  ['it did not pass', { ...passed, passed: false }, 'the load test of c0ffee did not pass'],
  [
    'it is older than what staging serves',
    { ...passed, at: '2026-11-20T09:59:59Z' },
    'the load test began before the candidate passed its shift in staging on Fri 2026-11-20 10:00 UTC',
  ],
  [
    'its configuration was another',
    { ...passed, configuration: '20 rps' },
    'the load test was run with configuration "20 rps", but "200 rps, 30 min" is required',
  ],
  [
    'it names no configuration',
    { ...passed, configuration: undefined },
    'the load test was run with no configuration, but "200 rps, 30 min" is required',
  ],
])('fails when %s', (_what, value, reason) => {
  const finding = check(value, value === undefined ? { parameter: undefined } : {});
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringContaining(reason),
    unblockedBy:
      'a load test of c0ffee in staging reports to parameter /deployment-pipeline/orders/load-test that it passed',
  });
});

test('names every failure of a load test of this commit', () => {
  expect(check({ ...passed, passed: false, configuration: 'x' }).reason).toMatch(
    /^the load test of c0ffee did not pass; the load test was run with configuration "x"/,
  );
});

test('a failed load test has failed since it began', () => {
  expect(check({ ...passed, passed: false }).since).toBe('2026-11-20T11:00:00.000Z');
});

test('is inconclusive when the time at which staging began to serve the candidate is unknown', () => {
  expect(check(passed, { stagingSince: undefined })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: expect.stringContaining('the time at which staging began to serve the candidate is unknown'),
  });
  expect(check({ ...passed, passed: false }, { stagingSince: undefined }).verdict).toBe('FAIL');
});

test.each([
  ['no JSON', 'passed!', 'parameter /deployment-pipeline/orders/load-test must be JSON, but is "passed!"'],
  [
    'a text as result',
    { ...passed, passed: 'yes' },
    '"passed" of parameter /deployment-pipeline/orders/load-test must be true',
  ],
  [
    'no moment',
    { ...passed, at: 'yesterday' },
    '"at" of parameter /deployment-pipeline/orders/load-test must be a moment',
  ],
  ['a moment in the future', { ...passed, at: '2026-11-20T12:05:01Z' }, 'which is in the future'],
  ['no commit', { ...passed, commit: ' ' }, '"commit" of parameter'],
  ['a list', [passed], 'must be an object'],
])('is an error with %s, and shows a valid value', (_what, value, reason) => {
  const finding = check(value);
  expect(finding.verdict).toBe('ERROR');
  expect(finding.reason).toContain(reason);
  expect(finding.reason).toContain('such as');
});

test('clocks may differ by some minutes', () => {
  expect(check({ ...passed, at: '2026-11-20T12:05:00Z' }).verdict).toBe('PASS');
});

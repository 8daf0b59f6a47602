import type { ReadinessConfig } from '../../../../lib/gate/checks/production-readiness';
import { checkReadiness } from '../../../../lib/gate/checks/production-readiness';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const config: ReadinessConfig = {
  kind: 'READINESS',
  name: 'production readiness',
  stages: ['Production'],
  criteria: [{ name: 'runbook', description: 'on call finds its way' }, { name: 'dr-test' }],
  prefix: '/deployment-pipeline/orders/readiness/',
};
const stored = (value: unknown) => ({
  value: typeof value === 'string' ? value : JSON.stringify(value),
  version: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
});
const until = (moment: string) => stored({ evidence: 'https://wiki/1', by: 'Jo', until: moment });
const check = (parameters: { [name: string]: ReturnType<typeof stored> | undefined }, over = config) =>
  checkReadiness(over, { parameters }, NOW);

test('passes with evidence for every criterion, and names the first to expire', () => {
  expect(check({ runbook: until('2027-06-01T00:00:00Z'), 'dr-test': until('2027-03-01T00:00:00Z') })).toMatchObject({
    verdict: 'PASS',
    reason: '2 of 2 criteria are met; the first evidence to expire is that of dr-test, Mon 2027-03-01 00:00 UTC',
    warning: undefined,
    measured: 2,
    limit: 2,
  });
});

test('passes where no criterion applies', () => {
  expect(check({}, { ...config, criteria: [] })).toMatchObject({
    verdict: 'PASS',
    reason: 'no criterion applies to this service',
  });
});

test('fails with every criterion that is missing or expired, and since when', () => {
  expect(check({ 'dr-test': until('2026-11-19T12:00:00Z') })).toMatchObject({
    verdict: 'FAIL',
    reason:
      '0 of 2 criteria are met: runbook (on call finds its way) has no evidence; the evidence of dr-test expired Thu 2026-11-19 12:00 UTC',
    since: undefined,
    unblockedBy:
      'evidence is written to /deployment-pipeline/orders/readiness/runbook, /deployment-pipeline/orders/readiness/dr-test',
    measured: 0,
    limit: 2,
  });
});

test('is unmet since the first evidence expired', () => {
  const finding = check({ runbook: until('2026-11-18T12:00:00Z'), 'dr-test': until('2026-11-19T12:00:00Z') });
  expect(finding.since).toBe('2026-11-18T12:00:00.000Z');
});

test('evidence expires at its moment', () => {
  const other = until('2027-06-01T00:00:00Z');
  expect(check({ runbook: other, 'dr-test': until('2026-11-20T12:00:00Z') }).verdict).toBe('FAIL');
  expect(check({ runbook: other, 'dr-test': until('2026-11-20T12:00:01Z') }).verdict).toBe('PASS');
});

test('warns for the last 14 days', () => {
  const other = until('2027-06-01T00:00:00Z');
  expect(check({ runbook: other, 'dr-test': until('2026-12-04T12:00:00Z') })).toMatchObject({
    verdict: 'PASS',
    warning: 'evidence expires soon: dr-test Fri 2026-12-04 12:00 UTC',
  });
  expect(check({ runbook: other, 'dr-test': until('2026-12-04T12:00:01Z') }).warning).toBeUndefined();
});

test.each([
  ['no JSON', 'done', 'parameter /deployment-pipeline/orders/readiness/dr-test must be JSON, but is "done"'],
  ['no evidence', { by: 'Jo', until: '2027-01-01T00:00:00Z' }, '"evidence" of parameter'],
  ['nobody', { evidence: 'x', by: '', until: '2027-01-01T00:00:00Z' }, '"by" of parameter'],
  ['no end', { evidence: 'x', by: 'Jo' }, '"until" of parameter'],
])('is an error with %s, and shows a valid value', (_what, value, reason) => {
  const finding = check({ runbook: until('2027-06-01T00:00:00Z'), 'dr-test': stored(value) });
  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(reason) });
  expect(finding.reason).toContain('Write it such as {"evidence":');
});

test('missing evidence counts more than wrong evidence, and both are reported', () => {
  const finding = check({ 'dr-test': stored('done') });
  expect(finding.verdict).toBe('FAIL');
  expect(finding.reason).toMatch(/runbook .* has no evidence; parameter .*dr-test must be JSON/);
});

import type { FreezeConfig } from '../../../../lib/gate/checks/freeze';
import { checkFreeze } from '../../../../lib/gate/checks/freeze';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const ALL = '/deployment-pipeline/freeze';
const OWN = '/deployment-pipeline/orders/freeze';
const config: FreezeConfig = { kind: 'FREEZE', name: 'freeze', stages: ['Canary'], parameters: [ALL, OWN] };
const stored = (value: unknown, modifiedAt = '2026-11-20T08:00:00Z') => ({
  value: typeof value === 'string' ? value : JSON.stringify(value),
  version: 3,
  modifiedAt,
});
const check = (parameters: { [name: string]: ReturnType<typeof stored> }) => checkFreeze(config, { parameters }, NOW);
const freeze = { reason: 'payment outage', by: 'Jo Doe' };

test('passes when nothing is frozen', () => {
  expect(check({})).toEqual({
    check: 'freeze',
    verdict: 'PASS',
    reason: 'nothing is frozen: there is no /deployment-pipeline/freeze, no /deployment-pipeline/orders/freeze',
  });
});

test('fails with who, why, since when and until when', () => {
  expect(check({ [ALL]: stored({ ...freeze, until: '2026-11-23T08:00:00+01:00' }) })).toEqual({
    check: 'freeze',
    verdict: 'FAIL',
    reason:
      'frozen by Jo Doe since Fri 2026-11-20 08:00 UTC until Mon 2026-11-23 07:00 UTC: payment outage (/deployment-pipeline/freeze)',
    since: '2026-11-20T08:00:00.000Z',
    until: '2026-11-23T07:00:00.000Z',
  });
});

test('one without an end lasts until the parameter is removed', () => {
  const finding = check({ [OWN]: stored(freeze), [ALL]: stored({ ...freeze, until: '2026-11-23T07:00:00Z' }) });
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringContaining('without an end: payment outage'),
    unblockedBy: 'the parameter /deployment-pipeline/orders/freeze is removed',
  });
  expect(finding.until).toBeUndefined();
});

test('the first begin and the last end of several freezes count', () => {
  const finding = check({
    [ALL]: stored({ ...freeze, until: '2026-11-21T00:00:00Z' }, '2026-11-20T09:00:00Z'),
    [OWN]: stored({ ...freeze, until: '2026-11-20T13:00:00Z' }, '2026-11-20T07:00:00Z'),
  });
  expect(finding).toMatchObject({ since: '2026-11-20T07:00:00.000Z', until: '2026-11-21T00:00:00.000Z' });
});

test('an expired freeze does not block, and is reported as expired', () => {
  expect(check({ [OWN]: stored({ ...freeze, until: '2026-11-20T12:00:00Z' }) })).toMatchObject({
    verdict: 'PASS',
    reason: 'the freeze of Jo Doe in /deployment-pipeline/orders/freeze expired Fri 2026-11-20 12:00 UTC',
  });
  expect(check({ [OWN]: stored({ ...freeze, until: '2026-11-20T12:00:01Z' }) }).verdict).toBe('FAIL');
});

test.each([
  ['no JSON', 'stop', 'parameter /deployment-pipeline/orders/freeze must be JSON, but is "stop"'],
  [
    'no reason',
    { by: 'Jo' },
    '"reason" of parameter /deployment-pipeline/orders/freeze must be a text that is not empty, but is missing',
  ],
  [
    'nobody',
    { reason: 'x', by: ' ' },
    '"by" of parameter /deployment-pipeline/orders/freeze must be a text that is not empty, but is " "',
  ],
  [
    'no moment',
    { ...freeze, until: 'Monday' },
    '"until" of parameter /deployment-pipeline/orders/freeze must be a moment',
  ],
])('is an error with %s, and shows a valid value', (_what, value, reason) => {
  const finding = check({ [OWN]: stored(value) });
  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(reason) });
  expect(finding.reason).toContain(
    'Write it such as {"reason":"payment outage","by":"Jo Doe","until":"2026-11-21T12:00:00.000Z"}',
  );
});

test('a freeze counts more than a parameter that is wrong', () => {
  expect(check({ [ALL]: stored(freeze), [OWN]: stored('stop') })).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringContaining('must be JSON'),
  });
});

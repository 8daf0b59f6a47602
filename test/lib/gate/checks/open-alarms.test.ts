import type { OpenAlarmsConfig } from '../../../../lib/gate/checks/open-alarms';
import { checkOpenAlarms, type OpenAlarm, type RegionAlarms } from '../../../../lib/gate/checks/open-alarms';

const config: OpenAlarmsConfig = {
  kind: 'OPEN_ALARMS',
  name: 'open alarms',
  stages: ['Canary', 'Production'],
  alarms: [
    { regions: ['us-east-1', 'eu-west-1'], names: ['errors'] },
    { regions: ['us-east-1'], names: ['checkout', 'errors'] },
  ],
};
const BOTH = ['us-east-1', 'eu-west-1'];
const alarm = (name: string, state = 'OK', over: Partial<OpenAlarm> = {}): OpenAlarm => ({
  name,
  state,
  stateReason: 'Threshold Crossed',
  stateUpdatedAt: '2026-11-20T09:00:00.000Z',
  ...over,
});
const fine: { [region: string]: RegionAlarms } = {
  'us-east-1': { alarms: [alarm('errors'), alarm('checkout')] },
  'eu-west-1': { alarms: [alarm('errors')] },
};
const check = (regions: { [region: string]: RegionAlarms }, served = BOTH) =>
  checkOpenAlarms(config, { regions, served }, Date.parse('2026-11-20T12:00:00Z'));

test('passes when no alarm is in ALARM', () => {
  expect(check(fine)).toMatchObject({
    verdict: 'PASS',
    reason: '0 of 3 alarms in us-east-1, eu-west-1 are in ALARM',
  });
});

test('fails with region, alarm, since when and why', () => {
  const open = alarm('errors', 'ALARM', { stateReason: `Threshold Crossed: ${'7'.repeat(200)}` });
  const finding = check({ ...fine, 'eu-west-1': { alarms: [open] } });
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringMatching(
      /^in ALARM: eu-west-1\/errors since Fri 2026-11-20 09:00 UTC \(Threshold Crossed: 7{100}…\)$/,
    ),
    since: '2026-11-20T09:00:00.000Z',
    unblockedBy: 'the alarm is no longer in ALARM',
    measured: 1,
    limit: 0,
  });
});

test('names every alarm, and the earliest start', () => {
  const finding = check({
    'us-east-1': {
      alarms: [alarm('errors', 'ALARM', { stateUpdatedAt: undefined, stateReason: '' }), alarm('checkout', 'ALARM')],
    },
    'eu-west-1': { alarms: [alarm('errors', 'ALARM', { stateUpdatedAt: '2026-11-20T08:00:00.000Z' })] },
  });
  expect(finding.since).toBe('2026-11-20T08:00:00.000Z');
  expect(finding.reason).toMatch(
    /^in ALARM: us-east-1\/errors; us-east-1\/checkout since .*; eu-west-1\/errors since /,
  );
});

test('alarms that the check does not name do not count', () => {
  expect(check({ ...fine, 'eu-west-1': { alarms: [alarm('errors'), alarm('other', 'ALARM')] } }).verdict).toBe('PASS');
});

test('INSUFFICIENT_DATA is not ALARM, and is reported', () => {
  expect(check({ ...fine, 'eu-west-1': { alarms: [alarm('errors', 'INSUFFICIENT_DATA')] } })).toMatchObject({
    verdict: 'PASS',
    reason: expect.stringContaining('INSUFFICIENT_DATA, which is not ALARM: eu-west-1/errors'),
  });
});

test('alarms that do not exist are not open, and are reported', () => {
  expect(check({ ...fine, 'us-east-1': { alarms: [alarm('errors')] } })).toMatchObject({
    verdict: 'PASS',
    reason: expect.stringContaining('not found, and so not open: us-east-1/checkout'),
  });
});

test('a region that has never served is skipped, and is reported', () => {
  const regions = { ...fine, 'eu-west-1': { error: 'AccessDenied' } };
  expect(check(regions, ['us-east-1'])).toMatchObject({
    verdict: 'PASS',
    reason: '0 of 2 alarms in us-east-1 are in ALARM; not read, since never served: eu-west-1',
  });
  expect(check({}, [])).toMatchObject({
    verdict: 'PASS',
    reason: 'no production region with alarms has served yet; not read, since never served: us-east-1, eu-west-1',
  });
});

test('a region that could not be read is an error', () => {
  expect(check({ ...fine, 'eu-west-1': { error: 'AccessDenied: no' } })).toMatchObject({
    verdict: 'ERROR',
    reason: 'the alarms of eu-west-1 could not be read: AccessDenied: no',
    unblockedBy: 'CloudWatch answers for every region',
  });
});

test('a region without an answer is an error', () => {
  expect(check({ 'us-east-1': fine['us-east-1'] })).toMatchObject({
    verdict: 'ERROR',
    reason: 'the alarms of eu-west-1 were not read',
  });
});

test('an open alarm counts more than a region that could not be read', () => {
  const regions = { 'us-east-1': { alarms: [alarm('errors', 'ALARM')] }, 'eu-west-1': { error: 'Throttling' } };
  expect(check(regions)).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringMatching(
      /us-east-1\/errors.*; the alarms of eu-west-1 could not be read.*; not found.*us-east-1\/checkout/,
    ),
  });
});

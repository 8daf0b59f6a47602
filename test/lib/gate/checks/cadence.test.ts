import fc from 'fast-check';
import type { CadenceConfig } from '../../../../lib/gate/checks/cadence';
import { checkCadence } from '../../../../lib/gate/checks/cadence';

const at = (moment: string) => Date.parse(moment);
const config = (rules: Partial<CadenceConfig>): CadenceConfig => ({
  kind: 'CADENCE',
  name: 'cadence',
  stages: ['Canary'],
  timeZone: 'Europe/Berlin',
  ...rules,
});
const both = config({ maxPerDay: 2, minimumMinutes: 60 });
const check = (rules: CadenceConfig, completed: readonly string[], now: string) =>
  checkCadence(rules, { completed }, at(now));

test('passes while both rules are kept, and reports both numbers of each', () => {
  expect(check(both, ['2026-11-20T08:00:00Z'], '2026-11-20T10:00:00Z')).toMatchObject({
    verdict: 'PASS',
    reason:
      'production releases completed on 2026-11-20 (Europe/Berlin): 1, at most 2 a day are allowed; the last one was completed ' +
      '120 min ago, Fri 2026-11-20 09:00 Europe/Berlin, at least 60 min are required',
    measured: 1,
    limit: 2,
  });
});

test('fails when the day has had its maximum of releases, until the next day of the zone', () => {
  const completed = ['2026-11-20T08:00:00Z', '2026-11-20T09:00:00Z'];
  expect(check(both, completed, '2026-11-20T12:00:00Z')).toMatchObject({
    verdict: 'FAIL',
    reason: expect.stringContaining('2026-11-20 (Europe/Berlin): 2, at most 2 a day are allowed'),
    since: '2026-11-20T09:00:00.000Z',
    until: '2026-11-20T23:00:00.000Z',
    measured: 2,
    limit: 2,
  });
});

test('the day on which the clocks go back is over an hour later', () => {
  const completed = ['2026-10-24T23:00:00Z'];
  const { until } = check(config({ maxPerDay: 1 }), completed, '2026-10-25T10:00:00Z');
  expect(until).toBe('2026-10-25T23:00:00.000Z');
});

test('a release of yesterday, by the clocks of the zone, does not count', () => {
  expect(check(config({ maxPerDay: 1 }), ['2026-11-20T22:59:59Z'], '2026-11-20T23:00:00Z').verdict).toBe('PASS');
});

test('fails too soon after the last release, and passes exactly at the minimum', () => {
  expect(check(both, ['2026-11-20T09:30:00Z'], '2026-11-20T10:00:00Z')).toMatchObject({
    verdict: 'FAIL',
    since: '2026-11-20T09:30:00.000Z',
    until: '2026-11-20T10:30:00.000Z',
    measured: 30,
    limit: 60,
  });
  expect(check(both, ['2026-11-20T09:30:00Z'], '2026-11-20T10:29:59.999Z').verdict).toBe('FAIL');
  expect(check(both, ['2026-11-20T09:30:00Z'], '2026-11-20T10:30:00Z').verdict).toBe('PASS');
});

test('the later end counts when both rules are broken', () => {
  const rules = config({ maxPerDay: 1, minimumMinutes: 600 });
  const { since, until } = check(rules, ['2026-11-20T20:00:00Z'], '2026-11-20T22:00:00Z');
  expect(until).toBe('2026-11-21T06:00:00.000Z');
  expect(since).toBe('2026-11-20T20:00:00.000Z');
  expect(check(rules, ['2026-11-20T08:00:00Z'], '2026-11-20T10:00:00Z').until).toBe('2026-11-20T23:00:00.000Z');
});

test('a first release passes', () => {
  expect(check(both, [], '2026-11-20T10:00:00Z')).toMatchObject({
    verdict: 'PASS',
    reason: expect.stringContaining('no production release was completed before'),
  });
});

test('the check passes at its end, and fails a moment before', () => {
  const day = at('2026-10-24T00:00:00Z');
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: day, max: day + 2 * 86_400_000 }), { maxLength: 6 }),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Beirut'),
      (moments, maxPerDay, minimumMinutes, timeZone) => {
        const rules = config({ maxPerDay, minimumMinutes, timeZone });
        const completed = moments.map((moment) => new Date(moment).toISOString());
        const now = Math.max(day, ...moments);
        const { verdict, until = '' } = checkCadence(rules, { completed }, now);
        if (verdict === 'PASS') return;
        expect(checkCadence(rules, { completed }, at(until)).verdict).toBe('PASS');
        expect(checkCadence(rules, { completed }, at(until) - 1).verdict).toBe('FAIL');
      },
    ),
  );
});

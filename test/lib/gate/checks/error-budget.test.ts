import fc from 'fast-check';
import type { BudgetPolicyConfig } from '../../../../lib/budget/config';
import type { Bucket } from '../../../../lib/budget/measure';
import type { ErrorBudgetConfig } from '../../../../lib/gate/checks/error-budget';
import { checkErrorBudget } from '../../../../lib/gate/checks/error-budget';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ROLLING: BudgetPolicyConfig = { kind: 'UNTIL_RECOVERED', windowMinutes: 28 * 24 * 60 };
const CARRY_OVER: BudgetPolicyConfig = { kind: 'CARRY_OVER', timeZone: 'UTC' };

const config = (overrides: Partial<ErrorBudgetConfig> = {}): ErrorBudgetConfig => ({
  kind: 'ERROR_BUDGET',
  name: 'availability 99.9',
  stages: ['Canary'],
  objective: 99.9,
  source: { kind: 'REQUESTS' },
  policy: ROLLING,
  fastBurn: 14.4,
  silentMinutes: 24 * 60,
  ...overrides,
});

/** 28 days of a thousand requests an hour. */
const traffic = (bad: (at: number) => number = () => 0, days = 28): Bucket[] =>
  Array.from({ length: days * 24 }, (_each, hour) => {
    const at = NOW - days * DAY + hour * HOUR;
    return { at, seconds: 3_600, total: 1_000, bad: bad(at) };
  });

const check = (
  buckets: readonly Bucket[],
  { recent = [], ...overrides }: Partial<ErrorBudgetConfig> & { recent?: Bucket[] } = {},
) => checkErrorBudget(config(overrides), { regions: { 'eu-west-1': { buckets, recent } }, neverServed: [] }, NOW);

const once = (at: number, bad: number) => (hour: number) => (hour === at ? bad : 0);

describe('a rolling window', () => {
  test('under the budget passes, and reports the rest', () => {
    // 672,000 requests allow 672 bad ones.
    expect(check(traffic(once(NOW - 3 * DAY, 168)))).toMatchObject({
      verdict: 'PASS',
      reason: '10.08 min down <= 40.32 min allowed, 75.0 % of the budget left of 99.9 %',
      budgetLeft: expect.closeTo(75, 6),
    });
  });

  test('exactly at the budget passes', () => {
    expect(check(traffic(once(NOW - 3 * DAY, 672)))).toMatchObject({
      verdict: 'PASS',
      budgetLeft: expect.closeTo(0, 6),
    });
  });

  test('exactly at the budget passes, also when the first period begins before the window', () => {
    const early = traffic(once(NOW - 3 * DAY, 672)).map((bucket) => ({ ...bucket, at: bucket.at - HOUR / 2 }));
    expect(check(early)).toMatchObject({ verdict: 'PASS', budgetLeft: expect.closeTo(0, 6) });
  });

  test('over the budget fails, and reports its start and its end', () => {
    const at = NOW - 3 * DAY;
    const finding = check(traffic(once(at, 673)));
    expect(finding).toMatchObject({ verdict: 'FAIL', limit: expect.closeTo(40.32, 6) });
    expect(finding.reason).toContain('> 40.32 min allowed');
    expect(Date.parse(finding.since ?? '')).toBeGreaterThan(at);
    expect(Date.parse(finding.until ?? '')).toBeGreaterThan(at + 28 * DAY);
    expect(Date.parse(finding.until ?? '')).toBeLessThan(at + 28 * DAY + HOUR);
  });

  test('warns below the percentage of the policy, without a block', () => {
    expect(check(traffic(once(NOW - 3 * DAY, 600)), { warnBelow: 25 })).toMatchObject({
      verdict: 'PASS',
      warning: expect.stringContaining('10.7 % of the budget left < 25 %'),
    });
    expect(check(traffic(once(NOW - 3 * DAY, 168)), { warnBelow: 25 })).not.toHaveProperty(
      'warning',
      expect.anything(),
    );
  });

  test('more bad requests never unblock', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ hour: fc.nat(671), bad: fc.integer({ min: 0, max: 500 }) }), { maxLength: 20 }),
        fc.record({ hour: fc.nat(671), bad: fc.integer({ min: 1, max: 500 }) }),
        (before, more) => {
          const finding = (all: typeof before) => {
            const buckets = traffic();
            for (const { hour, bad } of all) {
              const { at, seconds, total } = buckets[hour];
              buckets[hour] = { at, seconds, total, bad: Math.min(total, buckets[hour].bad + bad) };
            }
            return check(buckets, { fastBurn: undefined }).verdict;
          };
          fc.pre(finding(before) === 'FAIL');
          expect(finding([...before, more])).toBe('FAIL');
        },
      ),
    );
  });
});

describe('the book', () => {
  const month = Date.parse('2026-08-01T00:00:00Z');
  /** Twelve minutes of a month of even traffic, in one hour. */
  const twelve = (hours: number) => (1_000 * hours * 12) / (hours * 60);

  test('12 min down at 99.99 % block the rest of the month and the next three', () => {
    const buckets = traffic((at) => (at === month + 9 * DAY ? twelve(31 * 24) : 0), 125);
    const finding = check(buckets, { objective: 99.99, policy: CARRY_OVER });
    expect(finding).toMatchObject({ verdict: 'FAIL', until: '2026-12-01T00:00:00.000Z' });
    expect(finding.reason).toContain('12.0 min down in 2026-08 > 4.38 min allowed');
  });

  test('an earlier month that blocks no more does not', () => {
    const buckets = traffic((at) => (at === month + 9 * DAY ? twelve(31 * 24) / 3 : 0), 125);
    expect(check(buckets, { objective: 99.99, policy: CARRY_OVER })).toMatchObject({ verdict: 'PASS' });
  });
});

describe('no data is not success', () => {
  test('a service that has never served passes, with that reason', () => {
    const finding = checkErrorBudget(config(), { regions: {}, neverServed: ['eu-west-1'] }, NOW);
    expect(finding).toMatchObject({
      verdict: 'PASS',
      reason: 'the service has never served a stable revision: there is no budget yet; has never served: eu-west-1',
    });
  });

  test('a service that has served, and has no data at all, is an ERROR', () => {
    expect(check([])).toMatchObject({
      verdict: 'ERROR',
      reason: 'eu-west-1 has served a stable revision, but has no data at all',
    });
  });

  test('one silent region is an ERROR, however well the others do', () => {
    const silent = traffic().filter(({ at }) => at < NOW - 2 * DAY);
    const facts = {
      regions: { 'us-east-1': { buckets: traffic(), recent: [] }, 'eu-west-1': { buckets: silent, recent: [] } },
      neverServed: ['ap-southeast-2'],
    };
    expect(checkErrorBudget(config(), facts, NOW)).toMatchObject({
      verdict: 'ERROR',
      reason:
        'eu-west-1 has had no data since 2026-11-18T10:00:00.000Z: 2880 min > 1440 min; has never served: ap-southeast-2',
    });
  });

  test('a region that could not be read is an ERROR', () => {
    const facts = {
      regions: { 'us-east-1': { buckets: traffic(), recent: [] }, 'eu-west-1': { error: 'Throttling: Rate exceeded' } },
      neverServed: [],
    };
    expect(checkErrorBudget(config(), facts, NOW)).toMatchObject({
      verdict: 'ERROR',
      reason: 'eu-west-1 could not be read: Throttling: Rate exceeded',
    });
  });

  test('a budget that is spent in the regions that answer is a FAIL, whatever the others would report', () => {
    const spent = traffic(once(NOW - DAY, 1_000));
    const facts = {
      regions: { 'us-east-1': { buckets: spent, recent: [] }, 'eu-west-1': { error: 'Throttling: Rate exceeded' } },
      neverServed: [],
    };
    const finding = checkErrorBudget(config(), facts, NOW);
    expect(finding.verdict).toBe('FAIL');
    expect(finding.reason).toContain('besides, eu-west-1 could not be read');
  });

  test('data without a single request is INCONCLUSIVE', () => {
    expect(check(traffic().map((bucket) => ({ ...bucket, total: 0 })))).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('an uptime with gaps of more than a tenth is INCONCLUSIVE', () => {
    const source = { kind: 'UPTIME' as const, metric: { namespace: 'Acme', name: 'Up' }, scale: 1 as const };
    const uptime = traffic().map((bucket) => ({ ...bucket, total: 60 }));
    expect(check(uptime, { source })).toMatchObject({ verdict: 'PASS' });
    const gaps = uptime.filter((_bucket, hour) => hour % 8 !== 1);
    expect(check(gaps, { source })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: expect.stringContaining('less than 90 %'),
    });
  });
});

describe('a budget that burns fast', () => {
  const recent = (bad: number): Bucket[] =>
    Array.from({ length: 60 }, (_each, minute) => ({
      at: NOW - HOUR + minute * MINUTE,
      seconds: 60,
      total: 1_000,
      bad,
    }));

  test('blocks before it is spent, and until five minutes without errors have passed', () => {
    const finding = check(traffic(), { recent: recent(20) });
    expect(finding).toMatchObject({ verdict: 'FAIL', until: new Date(NOW + 5 * MINUTE).toISOString() });
    expect(finding.reason).toContain('burns at 20.0 times its rate over 1 h, and 20.0 times over 5 min >= 14.4');
  });

  test('at exactly 14.4 blocks, below does not', () => {
    expect(check(traffic(), { recent: recent(14.5) }).verdict).toBe('FAIL');
    expect(check(traffic(), { recent: recent(14.3) }).verdict).toBe('PASS');
  });

  test('does not block where the policy has no fast burn', () => {
    expect(check(traffic(), { recent: recent(500), fastBurn: undefined }).verdict).toBe('PASS');
  });
});

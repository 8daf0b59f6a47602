import type { BudgetPolicyConfig } from '../../../lib/budget/config';
import { lookBack } from '../../../lib/budget/windows';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const DAY = 24 * 3_600_000;

const ROLLING: BudgetPolicyConfig = { kind: 'UNTIL_RECOVERED', windowMinutes: 28 * 24 * 60 };
const CARRY_OVER: BudgetPolicyConfig = { kind: 'CARRY_OVER', timeZone: 'UTC' };

describe('the data of a policy reach back over', () => {
  test('a rolling window', () => {
    expect(lookBack(ROLLING, NOW)).toBe(NOW - 28 * DAY);
  });

  test('this month, in its zone', () => {
    const policy = { kind: 'UNTIL_RECOVERED_IN_MONTH' as const, timeZone: 'Europe/Berlin' };
    expect(new Date(lookBack(policy, NOW)).toISOString()).toBe('2026-10-31T23:00:00.000Z');
  });

  test('all months that can still block', () => {
    expect(lookBack(CARRY_OVER, NOW)).toBe(Number.NEGATIVE_INFINITY);
    const policy = { ...CARRY_OVER, maxBlockMinutes: 30 * 24 * 60 };
    expect(new Date(lookBack(policy, NOW)).toISOString()).toBe('2026-10-01T00:00:00.000Z');
  });
});

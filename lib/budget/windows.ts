import { Calendar } from '../core/calendar';
import type { BudgetPolicyConfig } from './config';
import { MINUTE } from './objective';

/** Returns the beginning of the data that the policy needs: whole months, as far back as one of them can still block. */
export function lookBack(policy: BudgetPolicyConfig, now: number): number {
  switch (policy.kind) {
    case 'UNTIL_RECOVERED':
      return now - policy.windowMinutes * MINUTE;
    case 'UNTIL_RECOVERED_IN_MONTH':
      return new Calendar(policy.timeZone).startOfMonth(now);
    case 'CARRY_OVER': {
      const { timeZone, maxBlockMinutes } = policy;
      const longest = now - (maxBlockMinutes ?? Number.POSITIVE_INFINITY) * MINUTE;
      return Number.isFinite(longest) ? new Calendar(timeZone).startOfMonth(longest) : longest;
    }
  }
}

/** Returns the time in which a share of the requests counts: the whole window, or the calendar month alone. */
export function spanOf(
  policy: BudgetPolicyConfig,
  now: number,
): (at: number) => { readonly from: number; readonly to: number } {
  if (policy.kind === 'UNTIL_RECOVERED') {
    // The first period may begin before the window does: with its time, exactly the budget would count as overspent.
    const window = { from: lookBack(policy, now), to: now };
    return () => window;
  }
  const calendar = new Calendar(policy.timeZone);
  return (at) => {
    const month = calendar.monthAt(at);
    return { from: calendar.startOf(month), to: calendar.startOf(month + 1) };
  };
}

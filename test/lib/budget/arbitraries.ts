import * as fc from 'fast-check';
import type { BudgetPolicyConfig } from '../../../lib/budget/config';
import type { Downtime } from '../../../lib/budget/downtime';

export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
export const at = (moment: string): number => Date.parse(moment);

export const BEGIN = at('2026-01-20T00:00:00Z');
/** Four ends of a month are in the history, also that of February. */
export const HISTORY_MINUTES = 130 * 1_440;

/** Sums of these are exact, so that an oracle may add them up in another order. */
const SEVERITIES = [0, 0.25, 0.5, 1, 2];

/** Downtimes of whole minutes, of all lengths; some meet, overlap, or go over the end of a month. */
export const downtimes = (most = 8): fc.Arbitrary<Downtime[]> =>
  fc.array(
    fc
      .tuple(
        fc.integer({ min: 0, max: HISTORY_MINUTES }),
        fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 5_000 })),
        fc.constantFrom(...SEVERITIES),
      )
      .map(([begin, length, severity]) => ({
        from: BEGIN + begin * MINUTE,
        to: BEGIN + (begin + length) * MINUTE,
        severity,
      })),
    { maxLength: most },
  );

/** All but one have an allowance of fractional minutes, so that no sum is exactly at it. */
export const objectives = fc.constantFrom(99, 99.5, 99.9, 99.95, 99.99);

export const timeZones = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia', 'Europe/Berlin');

const rolling = fc
  .constantFrom(60, 1_440, 7 * 1_440, 28 * 1_440)
  .map((windowMinutes): BudgetPolicyConfig => ({ kind: 'UNTIL_RECOVERED', windowMinutes }));
const inMonth = timeZones.map((timeZone): BudgetPolicyConfig => ({ kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone }));
const carryOver = timeZones.map((timeZone): BudgetPolicyConfig => ({ kind: 'CARRY_OVER', timeZone }));

/** All policies but those with a maximum block, for which more downtime may begin a block that ends earlier. */
export const policies = fc.oneof(rolling, inMonth, carryOver);

import { Calendar } from '../core/calendar';
import { type Block, blockAt } from './block';
import type { BudgetPolicyConfig } from './config';
import { clip, type Downtime, merge, total } from './downtime';
import { carryOverBlocks, monthBlocks } from './monthly';
import { allowedMinutes, MINUTE, MONTH_MINUTES } from './objective';
import { rollingBlocks } from './rolling';

/**
 * Lists when releases are blocked, and why, if there is no further downtime. Blocks may overlap: see `joined` and
 * `blockAt`.
 *
 * @param objective in percent, such as 99.99
 */
export function blocksOf(
  policy: BudgetPolicyConfig,
  objective: number,
  downtimes: readonly Downtime[],
): readonly Block[] {
  const merged = merge(downtimes);
  switch (policy.kind) {
    case 'UNTIL_RECOVERED':
      return rollingBlocks(policy.windowMinutes, objective, merged);
    case 'UNTIL_RECOVERED_IN_MONTH':
      return monthBlocks(new Calendar(policy.timeZone), objective, merged);
    case 'CARRY_OVER':
      return carryOverBlocks(new Calendar(policy.timeZone), objective, merged, policy.maxBlockMinutes);
  }
}

/** State of an error budget at a moment. */
export interface BudgetState {
  /** Downtime of the window that ends now, or of this calendar month until now. */
  readonly downMinutes: number;
  readonly allowedMinutes: number;
  /** Percentage of the allowance that is left; below 0 when it is overspent. */
  readonly leftPercent: number;
  /** Start of the block: the moment at which the downtime went over, maybe that of an earlier month. */
  readonly since?: number;
  /** End of the block, if there is no further downtime. */
  readonly until?: number;
  /** Causes of the block; empty when releases are not blocked. */
  readonly causes: readonly Block[];
}

/** Computes the state at a moment. Downtime after `now` is ignored. */
export function budgetStateAt(
  policy: BudgetPolicyConfig,
  objective: number,
  downtimes: readonly Downtime[],
  now: number,
): BudgetState {
  const past = clip(merge(downtimes), Number.NEGATIVE_INFINITY, now);
  const isRolling = policy.kind === 'UNTIL_RECOVERED';
  const begin = isRolling ? now - policy.windowMinutes * MINUTE : new Calendar(policy.timeZone).startOfMonth(now);
  const downMinutes = total(clip(past, begin, now)) / MINUTE;
  const allowed = allowedMinutes(objective, isRolling ? policy.windowMinutes : MONTH_MINUTES);
  const block = blockAt(blocksOf(policy, objective, past), now);
  return {
    downMinutes,
    allowedMinutes: allowed,
    leftPercent: 100 * (1 - downMinutes / allowed),
    since: block?.from,
    until: block?.to,
    causes: block?.causes ?? [],
  };
}

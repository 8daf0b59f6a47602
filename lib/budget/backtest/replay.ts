import { isoTime } from '../../core/time';
import { type JoinedBlock, joined } from '../block';
import type { BudgetPolicyConfig } from '../config';
import { clip, type Downtime, merge } from '../downtime';
import { allowedMinutes, MONTH_MINUTES } from '../objective';
import { blocksOf } from '../policy';

const DAY = 24 * 3_600_000;

/** Blocks that a policy would have made. */
export interface Replay {
  readonly policy: BudgetPolicyConfig;
  /** In percent. */
  readonly objective: number;
  /** From the first start to the last end of the history; milliseconds since 1970. */
  readonly begin: number;
  readonly end: number;
  /** Merged. */
  readonly downtimes: readonly Downtime[];
  /** The last ones may end after the history. */
  readonly blocks: readonly JoinedBlock[];
  /** Length of the history in days; decimal. */
  readonly days: number;
  readonly daysBlocked: number;
  /** A twelfth of a year of 365.25 days, whatever the policy. */
  readonly budgetMinutesPerMonth: number;
}

/** Replays a history, which must not be empty. */
export function replay(policy: BudgetPolicyConfig, objective: number, history: readonly Downtime[]): Replay {
  const begin = history.reduce((first, { from }) => Math.min(first, from), Number.POSITIVE_INFINITY);
  const end = history.reduce((last, { to }) => Math.max(last, to), Number.NEGATIVE_INFINITY);
  const downtimes = merge(history);
  const blocks = joined(blocksOf(policy, objective, downtimes));
  const blocked = clip(
    blocks.map(({ from, to }) => ({ from, to, severity: 1 })),
    begin,
    end,
  );
  return {
    policy,
    objective,
    begin,
    end,
    downtimes,
    blocks,
    days: (end - begin) / DAY,
    daysBlocked: blocked.reduce((sum, { from, to }) => sum + (to - from), 0) / DAY,
    budgetMinutesPerMonth: allowedMinutes(objective, MONTH_MINUTES),
  };
}

/** Formats a replay as `--json` prints it. */
export const replayJson = ({ days, daysBlocked, blocks, budgetMinutesPerMonth }: Replay) => ({
  days,
  daysBlocked,
  blocks: blocks.map(({ from, to, causes }) => ({
    from: isoTime(from),
    to: isoTime(to),
    reason: causes.map(({ reason }) => reason).join('; '),
  })),
  budgetMinutesPerMonth,
});

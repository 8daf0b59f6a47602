import { isoTime } from '../core/time';
import { admit, isHeldBack } from '../ledger/admission';
import type { HolderCheck, LedgerFacts } from '../ledger/check-holder';
import { checkHolder } from '../ledger/check-holder';
import { hasMoved } from '../ledger/started';
import type { Published } from '../plan/revision';
import type { RolloutTask } from './parse-state';
import type { Outcome } from './state';

/** Candidates that one environment has published, by target; or the reason why they cannot be released. */
export type EnvironmentPublished =
  | { readonly name: string; readonly candidates: { readonly [key: string]: Published } }
  | { readonly name: string; readonly problem: string };

export type CollectDecision =
  /** Touch nothing. */
  | { readonly do: 'REFUSE'; readonly reason: string }
  /**
   * Do not begin now, because of a window or a blackout. With `until`, traffic has moved, and its deadline moves with
   * it.
   */
  | { readonly do: 'HOLD_BACK'; readonly outcome: Outcome; readonly until?: number }
  /** Record these candidates: none for a wave, which releases the candidates of the canary. */
  | { readonly do: 'RECORD'; readonly published: readonly EnvironmentPublished[]; readonly reason: string };

/**
 * Checks the holder of production for a release that may run this rollout; undefined in staging, which has no holder.
 */
export const permissionOf = ({ executionId, thisRollout }: RolloutTask, facts: LedgerFacts): HolderCheck | undefined =>
  thisRollout.kind === 'STAGING' ? undefined : checkHolder(executionId, facts);

/** Decides what Collect does, by the ledger and by what the rollout's environments have published. */
export function decideCollect(
  task: RolloutTask,
  facts: LedgerFacts,
  published: readonly EnvironmentPublished[],
  now: number,
): CollectDecision {
  const may = permissionOf(task, facts);
  if (may && !may.holds) return { do: 'REFUSE', reason: may.reason };
  const heldBack = may && decideAdmission(task, facts, now);
  if (heldBack) return heldBack;
  const problems = published.flatMap((each) => ('problem' in each ? each.problem : []));
  if (problems.length > 0) return { do: 'REFUSE', reason: problems.join('; ') };
  const reason =
    task.thisRollout.kind === 'WAVE'
      ? 'the canary has recorded the candidates'
      : `recorded the candidates in ${published.map(({ name }) => name).join(', ')}`;
  return { do: 'RECORD', published, reason };
}

/**
 * Decides by windows and blackouts whether the rollout may begin now. A rollout that Start refuses anyway waits for no
 * window.
 */
function decideAdmission(
  { plan, rollout, thisRollout }: RolloutTask,
  { release }: LedgerFacts,
  now: number,
): CollectDecision | undefined {
  const isDue = release && thisRollout.after.every((name) => release.rollouts[name]?.state === 'PASSED');
  if (!isDue || release.rollingBackSince || !isHeldBack(release, plan, rollout)) return undefined;
  const admission = admit(plan, rollout, now);
  const moved = hasMoved(release, plan, rollout);
  switch (admission.do) {
    case 'BEGIN':
      return undefined;
    case 'WAIT': {
      const waitsUntil = isoTime(admission.until);
      // The watch covers the regions that earlier waves have shifted.
      const outcome: Outcome = { next: 'WATCH', reason: `${rollout} ${admission.reason}`, waitsUntil };
      return { do: 'HOLD_BACK', outcome, until: moved ? admission.until : undefined };
    }
    case 'REFUSE': {
      const reason = `${rollout} cannot start: ${admission.reason}`;
      // A blackout must not find the fleet split.
      return moved ? { do: 'HOLD_BACK', outcome: { next: 'ROLLBACK', reason } } : { do: 'REFUSE', reason };
    }
  }
}

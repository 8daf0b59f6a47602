import { isoTime } from '../core/time';
import { admit, isHeldBack } from '../ledger/admission';
import type { HolderCheck, LedgerFacts } from '../ledger/check-holder';
import { checkHolder } from '../ledger/check-holder';
import { hasMoved } from '../ledger/started';
import type { Published } from '../plan/revision';
import type { RolloutTask } from './parse-state';
import type { Outcome } from './state';

/** What one environment has published, by target; or why that cannot be released. */
export type EnvironmentPublished =
  | { readonly name: string; readonly candidates: { readonly [key: string]: Published } }
  | { readonly name: string; readonly problem: string };

export type CollectDecision =
  /** Nothing is touched. */
  | { readonly do: 'REFUSE'; readonly reason: string }
  /** Windows or blackouts speak against beginning now. With `until`, traffic has moved, and its deadline moves with it. */
  | { readonly do: 'HOLD_BACK'; readonly outcome: Outcome; readonly until?: number }
  /** Record these candidates: none for a wave, which releases what the canary has probed. */
  | { readonly do: 'RECORD'; readonly published: readonly EnvironmentPublished[]; readonly reason: string };

/** Whether the release may run this rollout as far as production goes; undefined in staging, which has no holder. */
export const permissionOf = ({ executionId, thisRollout }: RolloutTask, facts: LedgerFacts): HolderCheck | undefined =>
  thisRollout.kind === 'STAGING' ? undefined : checkHolder(executionId, facts);

/** What Collect does, given the ledger and what the rollout's environments have published. */
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
      ? 'the canary has recorded what is released'
      : `recorded what is published in ${published.map(({ name }) => name).join(', ')}`;
  return { do: 'RECORD', published, reason };
}

/** What windows and blackouts say against beginning now. Whatever Start refuses anyway, waits for no window. */
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
      // What earlier waves have shifted is watched meanwhile.
      const outcome: Outcome = { next: 'WATCH', reason: `${rollout} ${admission.reason}`, waitsUntil };
      return { do: 'HOLD_BACK', outcome, until: moved ? admission.until : undefined };
    }
    case 'REFUSE': {
      const reason = `${rollout} cannot start: ${admission.reason}`;
      // A fleet must not be left split over a blackout.
      return moved ? { do: 'HOLD_BACK', outcome: { next: 'ROLLBACK', reason } } : { do: 'REFUSE', reason };
    }
  }
}

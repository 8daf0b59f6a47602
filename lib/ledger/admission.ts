import { sameRevision } from '../plan/revision';
import type { RolloutPlan } from '../plan/rollout-plan';
import { releaseSchedule } from '../plan/schedule';
import { SPARE_MINUTES, scheduleProblem } from '../plan/schedule-check';
import { type ScheduleFacts, scheduleFacts } from '../plan/schedule-facts';
import { showWait } from '../plan/window';
import type { Release } from './items';

/** Decision about the beginning of a production rollout, by its window and the blackouts. */
export type Admission =
  | { readonly do: 'BEGIN' }
  /** Its window is closed until then, in milliseconds since 1970. */
  | { readonly do: 'WAIT'; readonly until: number; readonly reason: string }
  /** The release must not go on: its schedule would meet a blackout, or not end in time. */
  | { readonly do: 'REFUSE'; readonly reason: string };

/**
 * Explains why a release that has not begun must not acquire production; undefined if it may. Publishing, starting and
 * settling take time, too: a schedule that leaves none for delays would end in a rollback.
 */
export function refusal({ rollouts, blackouts }: ScheduleFacts, now: number): string | undefined {
  const onTime = scheduleProblem(releaseSchedule(rollouts, now), blackouts);
  if (onTime) return onTime;
  const late = scheduleProblem(releaseSchedule(rollouts, now + SPARE_MINUTES * 60_000), blackouts);
  return late && `with ${SPARE_MINUTES / 60} h for publishing, starting and settling, ${late}`;
}

/** Checks the rollout and all that follow it: a rollout that begins must be able to end. */
export function admit(plan: RolloutPlan, rollout: string, now: number): Admission {
  const { rollouts, blackouts } = scheduleFacts(plan, rollout);
  const schedule = releaseSchedule(rollouts, now);
  const problem = scheduleProblem(schedule, blackouts);
  if (problem) return { do: 'REFUSE', reason: problem };
  const [first] = schedule.planned;
  if (!first?.window || first.begins <= now) return { do: 'BEGIN' };
  const { begins, window } = first;
  return { do: 'WAIT', until: begins, reason: showWait(window, begins) };
}

/**
 * Returns true if there is something to hold back: the rollout has not begun, and some candidate is not its stable
 * revision.
 */
export function isHeldBack({ rollouts, candidates, stables }: Release, plan: RolloutPlan, rollout: string): boolean {
  const state = rollouts[rollout]?.state;
  if (state === 'STARTED' || state === 'PASSED') return false;
  return Object.keys(plan.rollouts[rollout].environments).some((name) =>
    Object.keys(plan.environments[name].targets).some(
      (key) => !sameRevision(candidates[name]?.[key]?.revision, stables[name]?.[key]),
    ),
  );
}

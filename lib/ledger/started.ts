import { minutesSince } from '../core/time';
import type { RolloutPlan } from '../plan/rollout-plan';
import { HANDLER_MINUTES } from '../plan/timing';
import { ofProduction } from './end';
import type { Release } from './items';

/**
 * Whether a release has moved, or may have moved, any traffic of production, whatever has become of it since. A rollout
 * counts by its name, also one that no plan knows any more: every rollout but `staging` is one of production.
 */
export const hasShifted = ({ rollouts }: Release): boolean =>
  Object.values(ofProduction(rollouts)).some(({ shifted }) => shifted);

/** Whether anything of this environment has started to shift for the release, and has not been rolled back. */
export function hasStarted({ rollouts }: Release, plan: RolloutPlan, environment: string): boolean {
  return Object.entries(plan.rollouts).some(([name, { environments }]) => {
    const record = rollouts[name];
    return environments[environment] !== undefined && record?.shifted === true && record.state !== 'ROLLED_BACK';
  });
}

/**
 * Whether environments may serve the candidate because of this release, should the given rollout go no further: then it
 * must be rolled back rather than refused. A canary that has passed has returned. Without a rollout: whether production may.
 */
export function hasMoved({ rollouts }: Release, plan: RolloutPlan, rollout?: string): boolean {
  const ofStaging = rollout !== undefined && plan.rollouts[rollout]?.kind === 'STAGING';
  return Object.entries(rollouts).some(([name, { shifted, state }]) => {
    if (!shifted || state === 'ROLLED_BACK') return false;
    const kind = plan.rollouts[name]?.kind;
    if (ofStaging) return name === rollout && state === 'STARTED';
    return kind === 'CANARY' ? state === 'STARTED' : kind !== 'STAGING';
  });
}

/**
 * Whether a handler may still start deployments of a release whose rollback has begun. Neither stopping an execution nor a
 * mark in the ledger stops a handler that runs: of the execution that the ledger names, or of a second one that Step
 * Functions, or somebody, has started of the same rollout. The ledger keeps the next one from starting. One minute more is
 * for what such a handler called at its very end.
 *
 * A release that rolls a completed one back has no handler of a rollout.
 */
export const mayStillStart = ({ rollingBackSince, returns }: Release, now: number): boolean =>
  returns === undefined &&
  (rollingBackSince === undefined || minutesSince(rollingBackSince, now) <= HANDLER_MINUTES + 1);

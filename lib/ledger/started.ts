import type { RolloutPlan } from '../plan/rollout-plan';
import { ofProduction } from './end';
import type { Release } from './items';

/**
 * Returns true if a release has moved, or may have moved, any traffic of production, even if it has returned since. A
 * rollout counts by its name, also if no plan has it any more: every rollout but `staging` is one of production.
 */
export const hasShifted = ({ rollouts }: Release): boolean =>
  Object.values(ofProduction(rollouts)).some(({ shifted }) => shifted);

/** Returns true if anything in this environment has started to shift for the release, and has not been rolled back. */
export function hasStarted({ rollouts }: Release, plan: RolloutPlan, environment: string): boolean {
  return Object.entries(plan.rollouts).some(([name, { environments }]) => {
    const record = rollouts[name];
    return environments[environment] !== undefined && record?.shifted === true && record.state !== 'ROLLED_BACK';
  });
}

/**
 * Returns true if environments may serve the candidate when the given rollout goes no further. The release must then be
 * rolled back rather than refused. A canary that has passed has returned. Without a rollout, production alone counts.
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

import { minutesSince } from '../core/time';
import type { RolloutPlan } from '../plan/rollout-plan';
import { HANDLER_MINUTES } from '../plan/timing';
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

/**
 * Returns true if a handler may still start deployments of a release whose rollback has begun. A running handler goes
 * on after its execution is stopped and after the mark in the ledger. It may belong to the execution in the ledger, or
 * to a second one that Step Functions or a person has started of the same rollout. The ledger keeps the next handler
 * from starting. One minute more is for the last call of such a handler.
 *
 * A release that rolls a completed one back has no handler of a rollout.
 */
export const mayStillStart = ({ rollingBackSince, returns }: Release, now: number): boolean =>
  returns === undefined &&
  (rollingBackSince === undefined || minutesSince(rollingBackSince, now) <= HANDLER_MINUTES + 1);

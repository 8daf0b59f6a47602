import { ShapeError } from '../core/shape';
import { WORKLOAD_KINDS } from './kinds';
import { type RolloutPlan, rolloutPlan } from './rollout-plan';

/**
 * Reads the plan from the machine's state. Refuses a plan with a shape, or a kind of workload, that this code cannot
 * read.
 */
export function parsePlan(value: unknown, kinds: readonly string[] = WORKLOAD_KINDS): RolloutPlan {
  const plan = rolloutPlan(kinds)(value, 'plan');
  checkReferences(plan);
  return plan;
}

function checkReferences({ environments, rollouts }: RolloutPlan): void {
  for (const [name, { environments: touched, after }] of Object.entries(rollouts)) {
    for (const environmentName of Object.keys(touched)) {
      if (!environments[environmentName]) {
        throw new ShapeError(`plan.rollouts.${name} names the environment "${environmentName}", which the plan lacks`);
      }
    }
    for (const earlier of after) {
      if (!rollouts[earlier]) {
        throw new ShapeError(`plan.rollouts.${name} runs after "${earlier}", which the plan lacks`);
      }
    }
  }
}

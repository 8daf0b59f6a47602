import type { RolloutPlan } from './rollout-plan';

/** Step Functions refuses a larger input or output of a state: 256 KiB (quotas). */
const PAYLOAD_LIMIT_BYTES = 262_144;

/**
 * What the plan may take of it. The answer of a leg repeats the leg's input, perhaps as a string whose quotes are escaped,
 * which makes it a quarter longer; the rest is for the deployments and what the handlers say about them.
 */
export const PLAN_LIMIT_BYTES = 160_000;

/** One deployment in the state: its environment's share, the function's key, and an id such as `d-ABCDEF123`. */
const DEPLOYMENT_BYTES = 60;

/**
 * Throws when the plan is too large to travel in the state of the rollout machine. A definition may have 1 MB, so what
 * fits the payload fits the definition.
 */
export function assertPlanFits(plan: RolloutPlan): void {
  const environments = Object.values(plan.environments);
  const functions = environments.reduce((sum, environment) => sum + Object.keys(environment.functions).length, 0);
  const planBytes = Buffer.byteLength(JSON.stringify(plan));
  const stateBytes = planBytes + functions * DEPLOYMENT_BYTES;
  if (planBytes <= PLAN_LIMIT_BYTES && stateBytes <= PAYLOAD_LIMIT_BYTES * 0.9) return;
  throw new Error(
    `The rollout plan of ${plan.service} has ${planBytes} bytes, but a Step Functions state carries at most ${PLAN_LIMIT_BYTES} of it: ` +
      `${environments.length} environments (regions and staging) with ${functions} functions in total, in ${Object.keys(plan.rollouts).length} rollouts. ` +
      'Release fewer functions together: split the microservice, or roll it out in fewer waves.',
  );
}

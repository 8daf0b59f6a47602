import type { RolloutPlan } from './rollout-plan';
import { formatFacts, type ScheduleFacts } from './schedule-facts';

/** Bytes of a state's input or output. Step Functions refuses more: 256 KiB (quotas). */
const PAYLOAD_LIMIT_BYTES = 262_144;

/**
 * Bytes of it for the plan. The answer of a leg repeats the leg's input, perhaps as a string whose quotes are escaped,
 * which makes it a quarter longer. The rest is for the deployments and the handlers' reasons.
 */
export const PLAN_LIMIT_BYTES = 160_000;

/** Bytes of one deployment in the state: its environment's share, the target's key, and an id such as `d-ABCDEF123`. */
const DEPLOYMENT_BYTES = 60;

/**
 * Throws if the plan is too large for the state of the rollout machine. A definition may have 1 MB, so a plan that fits
 * the payload fits the definition.
 */
export function assertPlanFits(plan: RolloutPlan): void {
  const environments = Object.values(plan.environments);
  const targets = environments.reduce((sum, environment) => sum + Object.keys(environment.targets).length, 0);
  const planBytes = Buffer.byteLength(JSON.stringify(plan));
  const stateBytes = planBytes + targets * DEPLOYMENT_BYTES;
  if (planBytes <= PLAN_LIMIT_BYTES && stateBytes <= PAYLOAD_LIMIT_BYTES * 0.9) return;
  throw new Error(
    `The rollout plan of ${plan.service} has ${planBytes} bytes, but a Step Functions state carries at most ${PLAN_LIMIT_BYTES} of it: ` +
      `${environments.length} environments (regions and staging) with ${targets} targets in total, in ${Object.keys(plan.rollouts).length} rollouts. ` +
      'Release fewer targets together: split the microservice, or roll it out in fewer waves.',
  );
}

/** Limit of a release's schedule: Lambda gives all environment variables of a function 4 KB together. */
export const SCHEDULE_LIMIT_BYTES = 3_000;

/**
 * Formats the schedule of a release for the function that locks production. The plan carries the same blackouts: a
 * schedule that fits here takes a fiftieth of the plan's room.
 *
 * @throws if it is too large
 */
export function scheduleText(schedule: ScheduleFacts): string {
  const formatted = formatFacts(schedule);
  const bytes = Buffer.byteLength(formatted);
  if (bytes <= SCHEDULE_LIMIT_BYTES) return formatted;
  const windows = new Set(schedule.rollouts.flatMap(({ window }) => (window ? [JSON.stringify(window)] : [])));
  throw new Error(
    `The schedule of a release has ${bytes} bytes, but at most ${SCHEDULE_LIMIT_BYTES} fit beside the others into the 4 KB of a Lambda function's ` +
      `environment variables: ${schedule.rollouts.length} rollouts with ${windows.size} different windows, and ${schedule.blackouts.length} blackouts. ` +
      'Join blackouts that touch, remove those that are over or far ahead, or shorten their reasons and the names of waves',
  );
}

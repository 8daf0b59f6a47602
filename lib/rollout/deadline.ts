import { fitName, fitText } from '../core/fit';
import { isoTime } from '../core/time';
import type { Rollout } from '../plan/rollout-plan';
import { CANARY_DEPLOYMENT_MINUTES, PATIENCE_MINUTES } from '../plan/timing';

/** Minutes for everything without a patience of its own: the pipeline's own steps, a handler that is tried again. */
const SPARE_MINUTES = 60;

/**
 * Minutes for which an action of the pipeline waits for its rollout (7 days, CodePipeline quotas): past them, it hangs.
 */
const MAX_MINUTES = 7 * 24 * 60 + SPARE_MINUTES;

/**
 * Minutes for which one round of deployments may wait: before its start, for a handler or a region, and for its end.
 */
const ROUND_PATIENCE_MINUTES =
  PATIENCE_MINUTES.start + PATIENCE_MINUTES.anchor + PATIENCE_MINUTES.silence + PATIENCE_MINUTES.settle;

/**
 * Returns the minutes after its start by which a rollout is over, with all its waits: past them nobody runs it any
 * more. A long canary has several rounds of deployments, and any rollout has one more when CodeDeploy loses one.
 */
export function deadlineMinutes({ kind, observeMinutes, shiftMinutes = 0 }: Rollout): number {
  const rounds = (kind === 'CANARY' ? Math.ceil(observeMinutes / CANARY_DEPLOYMENT_MINUTES) : 1) + 1;
  const minutes = rounds * ROUND_PATIENCE_MINUTES + 2 * shiftMinutes + observeMinutes + SPARE_MINUTES;
  return Math.min(minutes, MAX_MINUTES);
}

/** Characters of a schedule's name, of `[0-9a-zA-Z-_.]`. The ids of CodePipeline are UUIDs; others are made to fit. */
const MAX_NAME = 64;
const MAX_ID = 36;

/** Formats the name of a release's schedule, in the group of its pipeline. */
export function deadlineName(service: string, executionId: string): string {
  const id = fitName(executionId, MAX_ID, /^[0-9a-zA-Z-]+$/);
  return fitText(service, MAX_NAME, { tail: `-${id}`, mark: '' });
}

/** Formats the time of a schedule, in UTC and rounded up to whole seconds, which is all that Scheduler accepts. */
export const atExpression = (at: number): string => `at(${isoTime(Math.ceil(at / 1000) * 1000).slice(0, 19)})`;

/** Schema number of an order to roll back that a schedule stores for days. */
export const ORDER_SCHEMA = 1;

/**
 * Returns the machine's input after a passed deadline. With FAILED, it does nothing where no traffic is on the
 * candidate: a release may stand still between its stages as long as it likes.
 */
export const deadlineInput = (rollout: string, executionId: string, at: number): object => ({
  schema: ORDER_SCHEMA,
  rollback: true,
  executionId,
  state: 'FAILED',
  because: `the deadline of ${rollout} has passed: it had to be over by ${isoTime(at)}`,
});

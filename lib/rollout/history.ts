import { CANARY_DEPLOYMENT_MINUTES, LEG_HOURS, PATIENCE_MINUTES } from '../plan/timing';

/** History events at which a standard execution of Step Functions fails (Step Functions quotas). */
export const HISTORY_LIMIT = 25_000;

/** History events that an execution may use. The rest is for retries. */
export const HISTORY_BUDGET = 20_000;

/** Wait 2, Task 5, Choice 2. */
export const HISTORY_EVENTS_PER_ROUND = 9;

/** Task that is tried again: failed (or timed out), scheduled, started. */
export const HISTORY_EVENTS_PER_RETRY = 3;

/** Seconds between two rounds of the watch. */
export const POLL_SECONDS = 60;

/** Timeout of a leg: an hour more than its watch uses. */
export const LEG_TIMEOUT_SECONDS = (LEG_HOURS + 1) * 3600;

/** Choice 2, Task 5 with its retries, Choice 2, to notify the team. */
const NOTICE = 9 + PATIENCE_MINUTES.notice * HISTORY_EVENTS_PER_RETRY;

/** Execution started and ended, Pass 2, Succeed or Fail 2, and some to spare. */
const BEGIN_AND_END = 20;

/**
 * Returns the most history events of a leg. A retry takes the same minute as a round and fewer events, so retries never
 * add to those of an undisturbed leg of the same length.
 *
 * @param hours of the leg; by default until its timeout
 */
export function legHistoryEvents(hours: number = LEG_TIMEOUT_SECONDS / 3600): number {
  const rounds = Math.ceil((hours * 3600) / POLL_SECONDS) + 1;
  return rounds * Math.max(HISTORY_EVENTS_PER_ROUND, HISTORY_EVENTS_PER_RETRY) + BEGIN_AND_END;
}

/**
 * Returns the most history events of the parent: its legs, and its waits until their patience ends. It waits before
 * Start and in Settle for each deployment of a canary, and in Rollback. All of them together are the rarest case.
 *
 * @param observeHours the longest observation of the pipeline's rollouts, from the first shift to the end of the bake
 */
export function parentHistoryEvents(observeHours: number): number {
  const deployments = Math.ceil((observeHours * 60) / CANARY_DEPLOYMENT_MINUTES);
  const starts = (PATIENCE_MINUTES.anchor * 60) / 30 + 1;
  const settles = (PATIENCE_MINUTES.settle * 60) / 15 + 1;
  const legs = Math.ceil(observeHours / LEG_HOURS) + deployments;
  const rollbacks = (PATIENCE_MINUTES.rollback * 60) / 15 + 1;
  // A retry waits for a minute, longer than any round here: within the same patience, retries add nothing.
  const rounds = deployments * (starts + settles) + legs + rollbacks;
  return rounds * HISTORY_EVENTS_PER_ROUND + NOTICE + BEGIN_AND_END;
}

/** Hours for which an action of the pipeline waits for its machine (CodePipeline quotas). */
const ACTION_HOURS = 7 * 24;

/** Throws if an execution of the machine, or of one leg, could write more history than Step Functions keeps. */
export function assertHistoryFits(): void {
  for (const [what, events] of [
    ['a leg of the watch', legHistoryEvents()],
    ['a rollout of seven days', parentHistoryEvents(ACTION_HOURS)],
  ] as const) {
    if (events > HISTORY_BUDGET) {
      throw new Error(
        `${what} may write ${events} history events, but at most ${HISTORY_BUDGET} of Step Functions' ${HISTORY_LIMIT} are to be used`,
      );
    }
  }
}

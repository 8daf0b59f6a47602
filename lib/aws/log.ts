import type { Outcome, RolloutState } from '../rollout/state';

/** One line of JSON, as CloudWatch Logs Insights reads it. Name every field: never log an event whole. */
export function logLine(fields: { readonly [name: string]: string | number | undefined }): void {
  console.log(JSON.stringify(fields));
}

/** Every answer of a rollout handler is in the log. */
export function logOutcome(handler: string, { rollout, executionId, commit }: RolloutState, outcome: Outcome): void {
  logLine({ handler, rollout, executionId, commit, next: outcome.next, reason: outcome.reason });
}

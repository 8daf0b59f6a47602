import type { Outcome } from '../rollout/state';

/** One line of JSON, as CloudWatch Logs Insights reads it. Name every field: never log an event whole. */
export function logLine(fields: { readonly [name: string]: string | number | undefined }): void {
  console.log(JSON.stringify(fields));
}

/** What the log says about a task. */
export interface LoggedTask {
  readonly rollout?: string;
  readonly executionId: string;
  readonly commit?: string;
}

/** Every answer of a rollout handler is in the log. */
export function logOutcome(handler: string, { rollout, executionId, commit }: LoggedTask, outcome: Outcome): void {
  logLine({ handler, rollout, executionId, commit, next: outcome.next, reason: outcome.reason });
}

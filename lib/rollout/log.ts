import { logLine } from '../core/log';
import type { Outcome } from './state';

/** Fields of a task that the log shows. */
export interface LoggedTask {
  readonly rollout?: string;
  readonly executionId: string;
  readonly commit?: string;
}

/** Logs the answer of a rollout handler. */
export function logOutcome(handler: string, { rollout, executionId, commit }: LoggedTask, outcome: Outcome): void {
  logLine({ handler, rollout, executionId, commit, next: outcome.next, reason: outcome.reason });
}

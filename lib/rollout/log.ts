import { logLine } from '../core/log';
import type { Outcome } from './state';

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

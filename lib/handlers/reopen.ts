import { executionStatus } from '../aws/codepipeline';
import { logLine } from '../core/log';
import { parseExecutionEvent } from '../ledger/execution-event';
import { closeAgain, reopen } from '../ledger/hold';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';

/**
 * Enables the transitions for the next release, or closes them again for a retried one. Called when an execution of the
 * pipeline starts, ends or resumes, and on a schedule, since events can get lost. If a release ended without enabling
 * the transitions, only this function does. Throws every error, so that Lambda retries.
 */
export async function handler(event: unknown): Promise<void> {
  const change = parseExecutionEvent(event);
  const pipeline = process.env.PIPELINE_NAME ?? '';
  const statusOf = (id: string) => executionStatus(pipeline, id);
  const ledger = ledgerOfPipeline();
  const transitions = transitionsOfPipeline();
  if (change?.state === 'RESUMED') {
    const held = await closeAgain(ledger, transitions, change.executionId, statusOf);
    logLine({ handler: 'reopen', ...change, answer: held ? 'HELD' : 'NOTHING' });
    return;
  }
  const enabled = await reopen(ledger, transitions, statusOf);
  const answer = enabled.length > 0 ? `ENABLED ${enabled.join(', ')}` : 'NOTHING';
  logLine({ handler: 'reopen', ...change, answer });
}

import { executionStatus } from '../aws/code-pipeline';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { logLine } from '../aws/log';
import { transitionsOfPipeline } from '../aws/transitions';
import { parseExecutionEvent } from '../ledger/execution-event';
import { holdAgain, letGo } from '../ledger/hold';

/**
 * Called when an execution of the pipeline starts, ends, or goes on after a retry. Whatever ended without enabling the
 * transitions, or failed to: nobody but this function would let the next release come. Throws what goes wrong, so that
 * Lambda calls it again.
 */
export async function handler(event: unknown): Promise<void> {
  const { executionId, state } = parseExecutionEvent(event);
  const pipeline = process.env.PIPELINE_NAME ?? '';
  const statusOf = (id: string) => executionStatus(pipeline, id);
  const ledger = ledgerOfPipeline();
  const transitions = transitionsOfPipeline();
  if (state === 'RESUMED') {
    const held = await holdAgain(ledger, transitions, executionId, statusOf);
    logLine({ handler: 'let-go', executionId, state, answer: held ? 'HELD' : 'NOTHING' });
    return;
  }
  const enabled = await letGo(ledger, transitions, statusOf);
  logLine({
    handler: 'let-go',
    executionId,
    state,
    answer: enabled.length > 0 ? `ENABLED ${enabled.join(', ')}` : 'NOTHING',
  });
}

import { errorText } from '../core/error-text';
import { PATIENCE_MINUTES } from '../plan/timing';
import { complete } from './end';
import { reopen } from './hold';
import type { LedgerRequest, Waiting } from './job';
import { againOr, failed, type JobAnswer } from './job-answer';
import type { Ledger } from './ledger';
import { transitionsOfPipeline } from './transitions-of-pipeline';

/** Completes a release, and enables the transitions for the next one. */
export async function applyComplete(
  ledger: Ledger,
  waiting: Waiting,
  { executionId, requires }: LedgerRequest,
): Promise<JobAnswer> {
  const { completed, reason } = await complete(ledger, executionId, requires);
  if (!completed) return failed(reason);
  try {
    await reopen(ledger, transitionsOfPipeline());
    return { is: 'DONE', reason, over: executionId };
  } catch (error) {
    // The release has completed, also if the transitions stay disabled.
    const giveUp = (why: string): JobAnswer => ({ is: 'DONE', reason: `${reason}; ${why}`, over: executionId });
    return againOr(
      giveUp,
      waiting,
      `the transitions could not be enabled: ${errorText(error)}`,
      PATIENCE_MINUTES.reopen,
    );
  }
}

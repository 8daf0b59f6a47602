import { errorText } from '../core/error-text';
import { ShapeError } from '../core/shape';
import { PATIENCE_MINUTES } from '../plan/timing';
import { applyAcquire } from './apply-acquire';
import { applyComplete } from './apply-complete';
import { type LedgerJob, type LedgerRequest, parseContinuation, parseRequest, type Waiting } from './job';
import { againOr, failed, type JobAnswer } from './job-answer';
import { ledgerOfPipeline } from './ledger-client';

/** Result of a job of the pipeline. */
export interface AppliedJob {
  /** The action's parameters; undefined when they cannot be read. */
  readonly request?: LedgerRequest;
  readonly answer: JobAnswer;
}

/**
 * Acquires production for a release, or completes the release. Every error becomes an answer: CodePipeline waits for
 * it.
 */
export async function applyJob(job: LedgerJob): Promise<AppliedJob> {
  let request: LedgerRequest | undefined;
  let waiting: Waiting = {};
  try {
    request = parseRequest(job.userParameters);
    waiting = parseContinuation(job.continuationToken);
    const ledger = ledgerOfPipeline();
    const apply = request.operation === 'acquire' ? applyAcquire : applyComplete;
    return { request, answer: await apply(ledger, waiting, request) };
  } catch (error) {
    if (error instanceof ShapeError) return { request, answer: failed(error.message) };
    const reason = `the ledger could not be read or updated: ${errorText(error)}`;
    return { request, answer: againOr(failed, waiting, reason, PATIENCE_MINUTES.start) };
  }
}

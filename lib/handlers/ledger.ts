import { reportAgain, reportFailure, reportSuccess } from '../aws/codepipeline';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { applyJob } from '../ledger/apply-job';
import { continuation, type LedgerRequest, parseJob } from '../ledger/job';
import type { JobAnswer } from '../ledger/job-answer';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { announce } from '../messages/announce';
import type { Notice } from '../messages/message';
import { dropDeadline } from '../rollout/deadlines';

/** Acquires production for a release, or completes the release: an action of the pipeline. */
export async function handler(event: unknown): Promise<void> {
  const job = parseJob(event);
  const { request, answer } = await applyJob(job);
  logLine({ handler: 'ledger', job: job.id, answer: answer.is, reason: answer.reason });
  // Reported after the decision: a failed report must not turn an acquired lock into a failed action.
  await report(job.id, answer);
  // Done last: neither the decision nor its report depends on these calls.
  const service = process.env.PIPELINE_NAME ?? '';
  if (answer.is === 'DONE' && answer.over) await dropDeadline({ service, executionId: answer.over });
  if (request && answer.is !== 'AGAIN') await notify(request, answer);
}

async function report(jobId: string, answer: JobAnswer): Promise<void> {
  switch (answer.is) {
    case 'FAILED':
      return reportFailure(jobId, answer.reason);
    case 'AGAIN':
      return reportAgain(jobId, continuation(answer.since));
    case 'DONE':
      return reportSuccess(jobId, answer.reason);
  }
}

/** Notifies the team. The start of a release is announced once, however often its stage is retried. */
async function notify(
  { operation, executionId, commit }: LedgerRequest,
  { is, reason: why }: JobAnswer,
): Promise<void> {
  const kind = is === 'FAILED' ? 'BLOCKED' : operation === 'acquire' ? 'STARTED' : 'COMPLETED';
  const notice = {
    kind,
    service: process.env.PIPELINE_NAME ?? '',
    executionId,
    commit,
    where: ['production'],
    why,
  } as const;
  if (kind === 'STARTED') await notifyOnce(notice);
  else await announce(notice);
}

async function notifyOnce(notice: Notice): Promise<void> {
  const { executionId } = notice;
  try {
    const ledger = ledgerOfPipeline();
    if ((await ledger.release(executionId))?.startAnnounced) return;
    if (await announce(notice)) await ledger.recordStartAnnounced(executionId);
  } catch (error) {
    logLine({ handler: 'ledger', executionId, reason: `its start may be announced again: ${errorText(error)}` });
  }
}

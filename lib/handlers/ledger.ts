import { reportAgain, reportFailure, reportSuccess } from '../aws/codepipeline';
import { logLine } from '../core/log';
import { applyJob } from '../ledger/apply-job';
import { continuation, parseJob } from '../ledger/job';
import type { JobAnswer } from '../ledger/job-answer';
import { notifyAnswer } from '../ledger/notify-answer';
import { announce } from '../messages/announce';
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
  if (request) await notifyAnswer(request, answer, (notice) => announce({ ...notice, service, where: ['production'] }));
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

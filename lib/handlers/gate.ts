import { reportFailure, reportSuccess } from '../aws/codepipeline';
import { logLine } from '../core/log';
import { answerJob } from '../gate/answer-job';
import { readGateConfig } from '../gate/config';
import { recordAnswer } from '../gate/record-answer';
import { isRetryOrder } from '../gate/request';
import { retryBlocked } from '../gate/retry-blocked';
import { parseJob } from '../ledger/job';

/**
 * Lets a release into its stage, or blocks it: an action of the pipeline. It answers at once, and never waits. On a
 * schedule, and after a change, it also retries blocked releases.
 */
export async function handler(event: unknown): Promise<void> {
  const { GATE } = process.env;
  const now = Date.now();
  if (isRetryOrder(event)) return retryBlocked(readGateConfig(GATE), now);
  const job = parseJob(event);
  const { gateJob, answer } = await answerJob(GATE, job, now);
  logLine({ handler: 'gate', job: job.id, answer: answer.passes ? 'PASS' : 'BLOCKED', reason: answer.report });
  // The answer comes before all records and notices: CodePipeline waits for it.
  await (answer.passes ? reportSuccess(job.id, answer.report) : reportFailure(job.id, answer.report));
  if (gateJob) await recordAnswer(gateJob, answer, now);
}

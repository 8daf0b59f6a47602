import { executionStatus, reportFailure, reportSuccess } from '../aws/code-pipeline';
import { errorText } from '../aws/error-text';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { logLine } from '../aws/log';
import { complete } from '../ledger/end';
import { continuation, type LedgerJob, type LedgerRequest, parseJob, parseRequest } from '../ledger/job';
import { take } from '../ledger/take';
import { isoTime, minutesSince, PATIENCE_MINUTES } from '../rollout/patience';
import { ShapeError } from '../rollout/shape';

/** What the action is told. */
type Answer =
  | { readonly is: 'DONE'; readonly reason: string }
  | { readonly is: 'FAILED'; readonly reason: string }
  /** Ask again: the ledger, or CodePipeline, did not answer. */
  | { readonly is: 'AGAIN'; readonly reason: string; readonly since: string };

/** Takes production for a release, or completes the release: an action of the pipeline. */
export async function handler(event: unknown): Promise<void> {
  const job = parseJob(event);
  const answer = await decide(job);
  logLine({ handler: 'ledger', job: job.id, answer: answer.is, reason: answer.reason });
  // Outside of what decides: a report that fails must not turn a taken ledger into a failed action.
  if (answer.is === 'FAILED') await reportFailure(job.id, answer.reason);
  else await reportSuccess(job.id, answer.is === 'AGAIN' ? continuation(answer.since) : undefined);
}

async function decide(job: LedgerJob): Promise<Answer> {
  try {
    return await perform(parseRequest(job.userParameters));
  } catch (error) {
    if (error instanceof ShapeError) return { is: 'FAILED', reason: error.message };
    const now = Date.now();
    const since = job.waitingSince ?? isoTime(now);
    const reason = `the ledger could not be asked: ${errorText(error)}`;
    const waited = minutesSince(since, now);
    return waited < PATIENCE_MINUTES.start
      ? { is: 'AGAIN', reason, since }
      : { is: 'FAILED', reason: `${reason} (tried for ${Math.floor(waited)} min)` };
  }
}

async function perform({ operation, executionId, commit, requires }: LedgerRequest): Promise<Answer> {
  const ledger = ledgerOfPipeline();
  if (operation === 'release') {
    const { completed, reason } = await complete(ledger, executionId, requires);
    return { is: completed ? 'DONE' : 'FAILED', reason };
  }
  const pipeline = process.env.PIPELINE_NAME;
  if (!pipeline) throw new ShapeError('PIPELINE_NAME is not set: it must name the pipeline');
  const { taken, reason } = await take(ledger, { executionId, commit }, (id) => executionStatus(pipeline, id));
  return { is: taken ? 'DONE' : 'FAILED', reason };
}

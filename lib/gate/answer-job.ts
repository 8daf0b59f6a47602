import { rolledBackTo } from '../aws/codepipeline';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import type { LedgerJob } from '../ledger/job';
import { applyBreakGlass } from './apply-break-glass';
import { type GateConfig, readGateConfig } from './config';
import { type Answer, decideAnswer, errorAnswer, stageRollbackAnswer } from './decide-answer';
import { evaluate } from './evaluate';
import { PipelineCandidate } from './read-candidate';
import { type GateRequest, parseGateRequest } from './request';

/** Configuration of a gate, and the release at it. */
export interface GateJob {
  readonly config: GateConfig;
  readonly request: GateRequest;
}

export interface JobAnswer {
  readonly answer: Answer;
  /** Undefined where the configuration or the job could not be read. */
  readonly gateJob?: GateJob;
}

/**
 * Answers a job of CodePipeline. Never throws: a gate that fails blocks.
 *
 * @param source configuration of the gate, as JSON
 */
export async function answerJob(source: string | undefined, job: LedgerJob, now: number): Promise<JobAnswer> {
  let gateJob: GateJob | undefined;
  try {
    gateJob = { config: readGateConfig(source), request: parseGateRequest(job.userParameters) };
    return { gateJob, answer: await answerOf(gateJob, job, now) };
  } catch (error) {
    return { gateJob, answer: errorAnswer(error) };
  }
}

async function answerOf({ config, request }: GateJob, job: LedgerJob, now: number): Promise<Answer> {
  const candidate = new PipelineCandidate(config, request, now);
  const [older, judged] = await Promise.all([readStageRollback(request), evaluate(candidate)]);
  if (older !== undefined) return stageRollbackAnswer(config.service, request, older);
  return decideAnswer(request, judged, await applyBreakGlass(config, request, judged, now, job));
}

/** Reads which execution the console rolls this stage back to, if it does. A failed read counts as "it does not". */
async function readStageRollback({ executionId }: GateRequest): Promise<string | undefined> {
  try {
    return await rolledBackTo(process.env.PIPELINE_NAME ?? '', executionId);
  } catch (error) {
    logLine({
      handler: 'gate',
      executionId,
      reason: `could not read whether this is a stage rollback: ${errorText(error)}`,
    });
    return undefined;
  }
}

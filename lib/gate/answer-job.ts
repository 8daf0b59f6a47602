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

/** A gate, and the release that wants to pass it. */
export interface Asked {
  readonly config: GateConfig;
  readonly request: GateRequest;
}

export interface JobAnswer {
  readonly answer: Answer;
  /** Undefined where the configuration or the job could not be read. */
  readonly asked?: Asked;
}

/**
 * Answers a job of CodePipeline. Never throws: a gate that cannot be asked blocks.
 *
 * @param source configuration of the gate, as JSON
 */
export async function answerJob(source: string | undefined, job: LedgerJob, now: number): Promise<JobAnswer> {
  let asked: Asked | undefined;
  try {
    asked = { config: readGateConfig(source), request: parseGateRequest(job.userParameters) };
    return { asked, answer: await answerOf(asked, job, now) };
  } catch (error) {
    return { asked, answer: errorAnswer(error) };
  }
}

async function answerOf({ config, request }: Asked, job: LedgerJob, now: number): Promise<Answer> {
  const candidate = new PipelineCandidate(config, request, now);
  const [older, judged] = await Promise.all([readStageRollback(request), evaluate(candidate)]);
  if (older !== undefined) return stageRollbackAnswer(config.service, request, older);
  return decideAnswer(request, judged, await applyBreakGlass(config, request, judged, now, job));
}

/** Reads which execution the console rolls this stage back to, if it does. Not known is taken for "it does not". */
async function readStageRollback({ executionId }: GateRequest): Promise<string | undefined> {
  try {
    return await rolledBackTo(process.env.PIPELINE_NAME ?? '', executionId);
  } catch (error) {
    logLine({ handler: 'gate', executionId, reason: `it was not asked what it is: ${errorText(error)}` });
    return undefined;
  }
}

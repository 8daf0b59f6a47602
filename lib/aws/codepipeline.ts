import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  type PipelineExecution,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { isNamed } from '../core/error-text';
import { fitText } from '../core/fit';
import { CLIENT_CONFIG } from './client-config';

/** Maximum characters of a message: a stage shows little more, and CodePipeline refuses more than 5,000. */
const MAX_MESSAGE = 2_000;

let client: CodePipelineClient | undefined;

/** Returns the client of the function's own region, to which a cross-region action answers. */
export function codePipeline(): CodePipelineClient {
  client ??= new CodePipelineClient(CLIENT_CONFIG);
  return client;
}

/** Reads the status of an execution, in CodePipeline's words; `NotFound` when there is none of this id. */
export async function executionStatus(
  pipelineName: string,
  pipelineExecutionId: string,
  api = codePipeline(),
): Promise<string> {
  return (await readExecution(pipelineName, pipelineExecutionId, api))?.status ?? 'NotFound';
}

/** Reads the execution to which this one rolls a stage back; undefined when this one is an ordinary execution. */
export async function rolledBackTo(pipelineName: string, pipelineExecutionId: string): Promise<string | undefined> {
  const execution = await readExecution(pipelineName, pipelineExecutionId, codePipeline());
  if (execution?.executionType !== 'ROLLBACK') return undefined;
  return execution.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? '(unknown)';
}

/** Reads an execution; undefined when there is none of this id. */
async function readExecution(
  pipelineName: string,
  pipelineExecutionId: string,
  api: CodePipelineClient,
): Promise<PipelineExecution | undefined> {
  try {
    const { pipelineExecution } = await api.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    if (!pipelineExecution?.status) throw new Error(`CodePipeline gave no status for execution ${pipelineExecutionId}`);
    return pipelineExecution;
  } catch (error) {
    if (isNamed(error, 'PipelineExecutionNotFoundException')) return undefined;
    throw error;
  }
}

/** Reports that the action has succeeded; the console shows the summary. */
export async function reportSuccess(jobId: string, summary: string): Promise<void> {
  const executionDetails = { summary: fitText(summary, MAX_MESSAGE) };
  await once(codePipeline().send(new PutJobSuccessResultCommand({ jobId, executionDetails })));
}

/** Reports that the action must be invoked again, with this token. */
export async function reportAgain(jobId: string, continuationToken: string): Promise<void> {
  await once(codePipeline().send(new PutJobSuccessResultCommand({ jobId, continuationToken })));
}

/** Reports that the action has failed; the stage shows the message. */
export async function reportFailure(jobId: string, message: string): Promise<void> {
  const failureDetails = { type: 'JobFailed', message: fitText(message, MAX_MESSAGE) } as const;
  await once(codePipeline().send(new PutJobFailureResultCommand({ jobId, failureDetails })));
}

/** Sends a report. A job takes one answer: a refused second one means that the first arrived, and its receipt was lost. */
async function once(report: Promise<unknown>): Promise<void> {
  try {
    await report;
  } catch (error) {
    if (!isNamed(error, 'InvalidJobStateException')) throw error;
  }
}

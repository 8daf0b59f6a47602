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

/** A stage shows little more, and CodePipeline refuses more than 5,000 characters. */
const MAX_MESSAGE = 2_000;

let client: CodePipelineClient | undefined;

/** In the Lambda function's own region: in a cross-region action, that is where the answer goes. */
export function codePipeline(): CodePipelineClient {
  client ??= new CodePipelineClient(CLIENT_CONFIG);
  return client;
}

/** Status of an execution, in CodePipeline's words; `NotFound` when there is none of this id. */
export async function executionStatus(
  pipelineName: string,
  pipelineExecutionId: string,
  asked = codePipeline(),
): Promise<string> {
  return (await readExecution(pipelineName, pipelineExecutionId, asked))?.status ?? 'NotFound';
}

/** The execution whose revision one stage is rolled back to by this one; undefined when it is an ordinary execution. */
export async function rolledBackTo(pipelineName: string, pipelineExecutionId: string): Promise<string | undefined> {
  const execution = await readExecution(pipelineName, pipelineExecutionId, codePipeline());
  if (execution?.executionType !== 'ROLLBACK') return undefined;
  return execution.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? '(not told)';
}

/** Undefined when there is none of this id. */
async function readExecution(
  pipelineName: string,
  pipelineExecutionId: string,
  asked: CodePipelineClient,
): Promise<PipelineExecution | undefined> {
  try {
    const { pipelineExecution } = await asked.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    if (!pipelineExecution?.status) throw new Error(`CodePipeline gave no status for execution ${pipelineExecutionId}`);
    return pipelineExecution;
  } catch (error) {
    if (isNamed(error, 'PipelineExecutionNotFoundException')) return undefined;
    throw error;
  }
}

/** The action has succeeded; the summary is what the console shows with it. */
export async function reportSuccess(jobId: string, summary: string): Promise<void> {
  const executionDetails = { summary: fitText(summary, MAX_MESSAGE) };
  await once(codePipeline().send(new PutJobSuccessResultCommand({ jobId, executionDetails })));
}

/** The action is invoked again, with this token. */
export async function reportAgain(jobId: string, continuationToken: string): Promise<void> {
  await once(codePipeline().send(new PutJobSuccessResultCommand({ jobId, continuationToken })));
}

/** The action has failed; the message is what the stage shows. */
export async function reportFailure(jobId: string, message: string): Promise<void> {
  const failureDetails = { type: 'JobFailed', message: fitText(message, MAX_MESSAGE) } as const;
  await once(codePipeline().send(new PutJobFailureResultCommand({ jobId, failureDetails })));
}

/** A job takes one answer. When it has one, ours has arrived before, and only its receipt was lost. */
async function once(report: Promise<unknown>): Promise<void> {
  try {
    await report;
  } catch (error) {
    if (!isNamed(error, 'InvalidJobStateException')) throw error;
  }
}

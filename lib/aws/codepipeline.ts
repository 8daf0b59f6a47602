import {
  CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  type PipelineExecution,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  RetryStageExecutionCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { isNamed } from '../core/error-text';
import { fitText } from '../core/fit';
import { CLIENT_CONFIG } from './client-config';
import { type Environment, perEnvironment } from './environment-clients';
import type { StageStateFacts } from './facts';

/** Maximum characters of a message: a stage shows little more, and CodePipeline refuses more than 5,000. */
const MAX_MESSAGE = 2_000;

const transitionType = 'Inbound';

/** Client of one account and region. */
export type CodePipeline = CodePipelineClient;

let client: CodePipelineClient | undefined;

/** Returns the client of the function's own region, to which a cross-region action answers. */
export function codePipeline(): CodePipeline {
  client ??= new CodePipelineClient(CLIENT_CONFIG);
  return client;
}

let clientOf: ((environment: Environment) => CodePipelineClient) | undefined;

/** Returns the client of an environment. Made at the first call: the bundles of handlers without it have no STS. */
export function codePipelineIn(environment: Environment): CodePipeline {
  clientOf ??= perEnvironment((config) => new CodePipelineClient(config));
  return clientOf(environment);
}

/** Reads the state of all stages that CodePipeline returns for a pipeline. */
export async function readStageStates(pipeline: string, api: CodePipeline): Promise<readonly StageStateFacts[]> {
  const { stageStates = [] } = await api.send(new GetPipelineStateCommand({ name: pipeline }));
  return stageStates.map(stageStateFacts);
}

function stageStateFacts({
  stageName,
  inboundTransitionState,
  inboundExecution,
  latestExecution,
  actionStates = [],
}: StageState): StageStateFacts {
  const { pipelineExecutionId: executionId, status } = latestExecution ?? {};
  return {
    stage: stageName,
    enabled: inboundTransitionState?.enabled,
    reason: inboundTransitionState?.disabledReason,
    // CodePipeline also lists ended ones, which do not wait.
    waiting: inboundExecution?.status === 'InProgress' ? inboundExecution.pipelineExecutionId : undefined,
    latest: executionId !== undefined && status !== undefined ? { executionId, status } : undefined,
    actions: actionStates.map(({ actionName, latestExecution: latest }) => ({
      action: actionName,
      status: latest?.status,
      changedAt: latest?.lastStatusChange?.toISOString(),
    })),
  };
}

/** Disables the transition into a stage. */
export async function disableTransition(
  pipelineName: string,
  stageName: string,
  reason: string,
  api: CodePipeline,
): Promise<void> {
  await api.send(new DisableStageTransitionCommand({ pipelineName, stageName, transitionType, reason }));
}

/** Enables the transition into a stage. */
export async function enableTransition(pipelineName: string, stageName: string, api: CodePipeline): Promise<void> {
  await api.send(new EnableStageTransitionCommand({ pipelineName, stageName, transitionType }));
}

/** Retries the failed actions of an execution in a stage. CodePipeline refuses all but the latest execution. */
export async function retryStage(
  pipelineName: string,
  stageName: string,
  pipelineExecutionId: string,
  api: CodePipeline,
): Promise<void> {
  const retryMode = 'FAILED_ACTIONS';
  await api.send(new RetryStageExecutionCommand({ pipelineName, stageName, pipelineExecutionId, retryMode }));
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
  api: CodePipeline,
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

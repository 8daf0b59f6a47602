import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  RetryStageExecutionCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { GATE_ACTION, GATE_STAGES, type GateStage } from './request';
import type { StageFacts, Waiting } from './retry';

/** Reads the stages that have a gate, and the last execution in each. */
export async function readStages(
  client: CodePipelineClient,
  pipeline: string,
): Promise<readonly (readonly [GateStage, StageFacts])[]> {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipeline }));
  return GATE_STAGES.map((stage) => {
    const state = stageStates.find(({ stageName }) => stageName === stage);
    const facts = state && factsOf(stage, state);
    if (!facts) throw new Error(`CodePipeline returned no state of stage ${stage} of ${pipeline}`);
    return [stage, facts];
  });
}

function factsOf(
  stage: GateStage,
  { inboundTransitionState, inboundExecution, latestExecution, actionStates = [] }: StageState,
): StageFacts | undefined {
  const { enabled, disabledReason: reason } = inboundTransitionState ?? {};
  if (enabled === undefined) return undefined;
  const waiting = inboundExecution?.status === 'InProgress' ? inboundExecution.pipelineExecutionId : undefined;
  const { pipelineExecutionId: executionId, status } = latestExecution ?? {};
  const gate = actionStates.find(({ actionName }) => actionName === GATE_ACTION)?.latestExecution;
  return {
    transition: { stage, enabled, reason, waiting },
    latest: executionId !== undefined && status !== undefined ? { executionId, status } : undefined,
    gateFailedAt: gate?.status === 'Failed' ? gate.lastStatusChange?.toISOString() : undefined,
  };
}

/**
 * Retries the failed actions of the stage, which begins with the gate. CodePipeline refuses all but the latest
 * execution.
 */
export async function retryStage(
  client: CodePipelineClient,
  pipelineName: string,
  { stage: stageName, executionId: pipelineExecutionId }: Waiting,
): Promise<void> {
  const retryMode = 'FAILED_ACTIONS';
  await client.send(new RetryStageExecutionCommand({ pipelineName, stageName, pipelineExecutionId, retryMode }));
}

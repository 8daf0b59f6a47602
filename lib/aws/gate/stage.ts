import {
  type CodePipelineClient,
  GetPipelineStateCommand,
  RetryStageExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import type { Blocked } from '../../gate/items';
import type { StageFacts } from '../../gate/retry';

/** A stage of the pipeline, and who was last in it. */
export async function readStage(client: CodePipelineClient, pipeline: string, stage: string): Promise<StageFacts> {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipeline }));
  const state = stageStates.find(({ stageName }) => stageName === stage);
  const { enabled, disabledReason: reason } = state?.inboundTransitionState ?? {};
  if (!state || enabled === undefined) throw new Error(`CodePipeline told nothing of stage ${stage} of ${pipeline}`);
  const { pipelineExecutionId: executionId, status } = state.latestExecution ?? {};
  return {
    transition: { stage, enabled, reason },
    latest: executionId !== undefined && status !== undefined ? { executionId, status } : undefined,
  };
}

/** Runs the failed actions of the stage again, which begins with the gate. CodePipeline refuses all but the latest execution. */
export async function retryStage(client: CodePipelineClient, pipelineName: string, blocked: Blocked): Promise<void> {
  await client.send(
    new RetryStageExecutionCommand({
      pipelineName,
      stageName: blocked.stage,
      pipelineExecutionId: blocked.executionId,
      retryMode: 'FAILED_ACTIONS',
    }),
  );
}

import {
  type CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineStateCommand,
  type StageExecution,
} from '@aws-sdk/client-codepipeline';
import { codePipeline } from '../aws/codepipeline';
import type { Transition, Transitions } from './transitions';

const transitionType = 'Inbound';

/** Returns the transitions that this handler's pipeline holds. */
export function transitionsOfPipeline(): Transitions {
  const { PIPELINE_NAME: pipelineName, HELD_STAGES } = process.env;
  if (!pipelineName) throw new Error('PIPELINE_NAME is not set: it must name the pipeline');
  if (!HELD_STAGES) throw new Error('HELD_STAGES is not set: it must name stages, with commas between, in their order');
  return transitionsOf(codePipeline(), pipelineName, HELD_STAGES.split(','));
}

/** Returns the transitions into these stages of a pipeline. */
export function transitionsOf(
  client: CodePipelineClient,
  pipelineName: string,
  stages: readonly string[],
): Transitions {
  return {
    read: () => readTransitions(client, pipelineName, stages),
    disable: async (stageName, reason) => {
      await client.send(new DisableStageTransitionCommand({ pipelineName, stageName, transitionType, reason }));
    },
    enable: async (stageName) => {
      await client.send(new EnableStageTransitionCommand({ pipelineName, stageName, transitionType }));
    },
  };
}

async function readTransitions(
  client: CodePipelineClient,
  name: string,
  stages: readonly string[],
): Promise<readonly Transition[]> {
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name }));
  return stages.map((stage) => {
    const state = stageStates.find(({ stageName }) => stageName === stage);
    const transition = state?.inboundTransitionState;
    if (transition?.enabled === undefined) {
      throw new Error(`CodePipeline did not say whether the transition into ${stage} of ${name} is enabled`);
    }
    return {
      stage,
      enabled: transition.enabled,
      reason: transition.disabledReason,
      waiting: underWay(state?.inboundExecution),
      inside: underWay(state?.latestExecution),
    };
  });
}

/** Returns the execution if it is under way. CodePipeline also lists ended ones, which neither wait nor are inside. */
const underWay = (execution: StageExecution | undefined): string | undefined =>
  execution?.status === 'InProgress' ? execution.pipelineExecutionId : undefined;

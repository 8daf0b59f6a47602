import {
  type CodePipeline,
  codePipeline,
  disableTransition,
  enableTransition,
  readStageStates,
} from '../aws/codepipeline';
import type { Transition, Transitions } from './transitions';

/** Returns the transitions that this handler's pipeline holds. */
export function transitionsOfPipeline(): Transitions {
  const { PIPELINE_NAME: pipelineName, HELD_STAGES } = process.env;
  if (!pipelineName) throw new Error('PIPELINE_NAME is not set: it must name the pipeline');
  if (!HELD_STAGES) throw new Error('HELD_STAGES is not set: it must name stages, with commas between, in their order');
  return transitionsOf(codePipeline(), pipelineName, HELD_STAGES.split(','));
}

/** Returns the transitions into these stages of a pipeline. */
export function transitionsOf(api: CodePipeline, pipelineName: string, stages: readonly string[]): Transitions {
  return {
    read: () => readTransitions(api, pipelineName, stages),
    disable: (stageName, reason) => disableTransition(pipelineName, stageName, reason, api),
    enable: (stageName) => enableTransition(pipelineName, stageName, api),
  };
}

async function readTransitions(
  api: CodePipeline,
  name: string,
  stages: readonly string[],
): Promise<readonly Transition[]> {
  const states = await readStageStates(name, api);
  return stages.map((stage) => {
    const { enabled, reason, waiting, latest } = states.find((state) => state.stage === stage) ?? {};
    if (enabled === undefined) {
      throw new Error(`CodePipeline did not say whether the transition into ${stage} of ${name} is enabled`);
    }
    // An execution that has ended is not inside.
    const inside = latest?.status === 'InProgress' ? latest.executionId : undefined;
    return { stage, enabled, reason, waiting, inside };
  });
}

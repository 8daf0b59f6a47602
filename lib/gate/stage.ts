import { codePipeline, readStageStates } from '../aws/codepipeline';
import type { StageStateFacts } from '../aws/facts';
import { GATE_ACTION, GATE_STAGES, type GateStage } from './request';
import type { StageFacts } from './retry';

/** Reads the stages that have a gate, and the last execution in each. */
export async function readStages(pipeline: string): Promise<readonly (readonly [GateStage, StageFacts])[]> {
  const states = await readStageStates(pipeline, codePipeline());
  return GATE_STAGES.map((stage) => {
    const state = states.find((each) => each.stage === stage);
    const facts = state && factsOf(stage, state);
    if (!facts) throw new Error(`CodePipeline returned no state of stage ${stage} of ${pipeline}`);
    return [stage, facts];
  });
}

function factsOf(
  stage: GateStage,
  { enabled, reason, waiting, latest, actions }: StageStateFacts,
): StageFacts | undefined {
  if (enabled === undefined) return undefined;
  const gate = actions.find(({ action }) => action === GATE_ACTION);
  return {
    transition: { stage, enabled, reason, waiting },
    latest,
    gateFailedAt: gate?.status === 'Failed' ? gate.changedAt : undefined,
  };
}

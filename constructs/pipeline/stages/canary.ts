import * as pipelines from 'aws-cdk-lib/pipelines';
import { CANARY_ROLLOUT } from '../../../lib/plan/names';
import type { Parts } from '../parts';
import type { Actions } from './actions';

/** Adds the gate, the lock of production, the publish in every production region, and the canary. */
export function addCanary(engine: pipelines.CodePipeline, { production }: Parts, actions: Actions): void {
  const wave = engine.addWave('Canary');
  // The gate first: a release that must wait holds nothing.
  wave.addPre(...pipelines.Step.sequence([actions.gate('Canary'), actions.ledger('LockProduction', 'acquire')]));
  for (const { stage } of production) wave.addStage(stage);
  wave.addPost(actions.rollout('Canary', CANARY_ROLLOUT));
}

import * as pipelines from 'aws-cdk-lib/pipelines';
import { type PlanDigest, wavesOf } from '../../../lib/plan/digest';
import type { Actions } from './actions';

/** Adds the gate, the waves, and the end of the release. */
export function addProduction(engine: pipelines.CodePipeline, digest: PlanDigest, actions: Actions): void {
  const names = wavesOf(digest);
  const steps = [
    actions.gate('Production'),
    ...names.map((name) => actions.rollout(name, name)),
    // The last wave may start only after the canary and all waves before it have passed.
    actions.ledger('CompleteRelease', 'complete', names.slice(-1)),
  ];
  engine.addWave('Production').addPre(...pipelines.Step.sequence(steps));
}

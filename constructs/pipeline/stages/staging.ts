import * as pipelines from 'aws-cdk-lib/pipelines';
import { STAGING_ROLLOUT } from '../../../lib/plan/names';
import type { Parts } from '../parts';
import type { ResolvedBuild } from '../resolve';
import type { Actions } from './actions';

/** Adds the publish in staging, its shift, and the staging tests. */
export function addStaging(
  engine: pipelines.CodePipeline,
  { source: input, install: installCommands, stagingTests }: ResolvedBuild,
  { staging: { stage } }: Parts,
  actions: Actions,
): void {
  const wave = engine.addWave('Staging');
  wave.addStage(stage);
  const shift = actions.rollout('Shift', STAGING_ROLLOUT);
  wave.addPost(shift);
  if (!stagingTests) return;
  const tests = new pipelines.ShellStep(stagingTests.name, {
    input,
    installCommands,
    commands: stagingTests.commands,
    envFromCfnOutputs: stage.stack._testVariables,
  });
  tests.addStepDependency(shift);
  wave.addPost(tests);
}

import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import type { ResolvedPipeline } from '../resolve';
import { buildLogging } from '../retention';

/**
 * Adds the checks and the synth of every release. UpdatePipeline and Assets follow by themselves.
 *
 * @returns the engine, to which further stages are added
 */
export function addBuild(
  scope: Construct,
  { build, engine }: ResolvedPipeline,
  codePipeline: codepipeline.Pipeline,
): pipelines.CodePipeline {
  const { source: input, install: installCommands } = build;
  const synth = new pipelines.ShellStep('Synth', {
    input,
    commands: build.synth,
    primaryOutputDirectory: 'cdk.out',
  });
  for (const { name, commands } of build.checks) {
    synth.addStepDependency(new pipelines.ShellStep(name, { input, installCommands, commands }));
  }
  return new pipelines.CodePipeline(scope, 'Engine', {
    codePipeline,
    synth,
    selfMutation: engine.selfMutation,
    // A publisher per asset would make every new function a change of the pipeline, which cancels running releases.
    publishAssetsInParallel: false,
    useChangeSets: engine.useChangeSets,
    ...engine.builds,
    codeBuildDefaults: buildLogging(scope, engine.builds.codeBuildDefaults, engine.retention),
    dockerEnabledForSynth: engine.dockerEnabledForSynth,
  });
}

import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Construct } from 'constructs';

/** Stages of a microservice's pipeline, in their order. `Assets` exists when there are assets: here, always. */
export const STAGES = ['Source', 'Build', 'UpdatePipeline', 'Assets', 'Staging', 'Canary', 'Production'] as const;

export interface NamedStagePipelineProps extends codepipeline.PipelineProps {
  /** Names of stages, by CDK stage. CDK Pipelines would name a wave of one CDK stage after that stage. */
  readonly stageNames: { readonly [cdkStage: string]: (typeof STAGES)[number] };
}

/** Gives the stages that CDK Pipelines adds the names that people use, also with one region. */
export class NamedStagePipeline extends codepipeline.Pipeline {
  private readonly stageNames: { readonly [cdkStage: string]: string };

  constructor(scope: Construct, id: string, props: NamedStagePipelineProps) {
    const { stageNames, ...pipelineProps } = props;
    super(scope, id, pipelineProps);
    this.stageNames = stageNames;
  }

  public override addStage(props: codepipeline.StageOptions): codepipeline.IStage {
    const stageName = this.stageNames[props.stageName] ?? props.stageName;
    if (!STAGES.some((stage) => stage === stageName)) {
      // CDK Pipelines splits a stage of more than 50 actions into Canary.1, Canary.2, ...
      throw new Error(
        `Stage '${stageName}' cannot be: stages are ${STAGES.join(', ')}, and CodePipeline allows 50 actions in each. ` +
          'Have fewer regions or fewer stacks per environment; useChangeSets doubles the actions of each stack',
      );
    }
    return super.addStage({ ...props, stageName });
  }
}

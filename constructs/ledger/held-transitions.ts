import * as iam from 'aws-cdk-lib/aws-iam';

export interface HeldTransitionsProps {
  readonly pipelineName: string;
  /** ARN of the pipeline. A text, not a reference: the pipeline itself refers to the handlers. */
  readonly pipelineArn: string;
  /** Stages, in their order, that no release enters while another holds production. */
  readonly stages: readonly string[];
}

/**
 * Transitions that are disabled while a release holds production, with the environment variables and permissions of the
 * handlers.
 */
export class HeldTransitions {
  /** Environment variables of the handlers. */
  readonly environment: { readonly [name: string]: string };

  constructor(private readonly props: HeldTransitionsProps) {
    this.environment = { PIPELINE_NAME: props.pipelineName, HELD_STAGES: props.stages.join(',') };
  }

  get pipelineName(): string {
    return this.props.pipelineName;
  }

  get pipelineArn(): string {
    return this.props.pipelineArn;
  }

  /** Stages in their order. */
  get stages(): readonly string[] {
    return this.props.stages;
  }

  /** Returns the permissions to read, disable and enable the transitions. */
  access(): iam.PolicyStatement[] {
    const { pipelineArn, stages } = this.props;
    return [
      new iam.PolicyStatement({ actions: ['codepipeline:GetPipelineState'], resources: [pipelineArn] }),
      new iam.PolicyStatement({
        actions: ['codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition'],
        resources: stages.map((stage) => `${pipelineArn}/${stage}`),
      }),
    ];
  }

  /** Returns the permission to read the status of an execution. */
  executions(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['codepipeline:GetPipelineExecution'],
      resources: [this.props.pipelineArn],
    });
  }
}

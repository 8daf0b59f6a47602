import * as iam from 'aws-cdk-lib/aws-iam';

export interface HeldTransitionsProps {
  readonly pipelineName: string;
  /** As a text: the pipeline itself refers to the handlers. */
  readonly pipelineArn: string;
  /** Stages, in their order, that no release enters while another holds production. */
  readonly stages: readonly string[];
}

/** The transitions that are disabled while a release holds production: what the handlers need to know, and to be allowed. */
export class HeldTransitions {
  /** Environment variables. */
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

  /** In their order. */
  get stages(): readonly string[] {
    return this.props.stages;
  }

  /** To see the transitions, to disable and to enable them. */
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

  /** To ask what became of an execution. */
  executions(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['codepipeline:GetPipelineExecution'],
      resources: [this.props.pipelineArn],
    });
  }
}

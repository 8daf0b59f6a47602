import type { IStage } from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as pipelines from 'aws-cdk-lib/pipelines';

export interface LedgerStepProps {
  readonly handler: IFunction;
  readonly operation: 'take' | 'release';
  /** The commit of the release: an output of the source. */
  readonly commit: string;
  /** Rollouts that must have passed before production is released. */
  readonly requires: readonly string[];
}

/** The action that takes production for a release, or lets go of it. */
export class LedgerStep extends pipelines.Step implements pipelines.ICodePipelineActionFactory {
  constructor(
    id: string,
    private readonly props: LedgerStepProps,
  ) {
    super(id);
    this.discoverReferencedOutputs({ commit: props.commit });
  }

  produceAction(stage: IStage, options: pipelines.ProduceActionOptions): pipelines.CodePipelineActionFactoryResult {
    const { handler, operation, commit, requires } = this.props;
    stage.addAction(
      new LambdaInvokeAction({
        actionName: options.actionName,
        runOrder: options.runOrder,
        variablesNamespace: options.variablesNamespace,
        lambda: handler,
        userParameters: { operation, executionId: '#{codepipeline.PipelineExecutionId}', commit, requires },
      }),
    );
    return { runOrdersConsumed: 1 };
  }
}

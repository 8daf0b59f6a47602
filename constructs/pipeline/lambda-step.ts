import type { IStage } from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { ACTION_SCHEMA } from '../../lib/plan/action-parameters';

export interface LambdaStepProps {
  readonly handler: IFunction;
  /** Commit of the release: an output of the source. */
  readonly commit: string;
  /** Parameters of the handler besides commit and execution. */
  readonly parameters: { readonly [name: string]: unknown };
}

/** An action that calls one of our handlers for the release: the ledger's, or the gate's. */
export class LambdaStep extends pipelines.Step implements pipelines.ICodePipelineActionFactory {
  constructor(
    id: string,
    private readonly props: LambdaStepProps,
  ) {
    super(id);
    this.discoverReferencedOutputs({ commit: props.commit });
  }

  produceAction(stage: IStage, options: pipelines.ProduceActionOptions): pipelines.CodePipelineActionFactoryResult {
    const { handler, commit, parameters } = this.props;
    stage.addAction(
      new LambdaInvokeAction({
        actionName: options.actionName,
        runOrder: options.runOrder,
        variablesNamespace: options.variablesNamespace,
        lambda: handler,
        userParameters: {
          schema: ACTION_SCHEMA,
          ...parameters,
          executionId: '#{codepipeline.PipelineExecutionId}',
          commit,
        },
      }),
    );
    return { runOrdersConsumed: 1 };
  }
}

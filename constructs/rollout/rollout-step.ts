import type { IStage } from 'aws-cdk-lib/aws-codepipeline';
import { StateMachineInput, StepFunctionInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { ROLLOUT_EXECUTION } from '../../lib/plan/events';

export interface RolloutStepProps {
  readonly machine: IStateMachine;
  /** Name of the rollout in the plan. */
  readonly rollout: string;
  /** Commit of the release: an output of the source. */
  readonly commit: string;
}

/** The action that runs one rollout. */
export class RolloutStep extends pipelines.Step implements pipelines.ICodePipelineActionFactory {
  constructor(
    id: string,
    private readonly props: RolloutStepProps,
  ) {
    super(id);
    this.discoverReferencedOutputs({ commit: props.commit });
  }

  produceAction(stage: IStage, options: pipelines.ProduceActionOptions): pipelines.CodePipelineActionFactoryResult {
    const { machine, rollout, commit } = this.props;
    stage.addAction(
      new StepFunctionInvokeAction({
        actionName: options.actionName,
        runOrder: options.runOrder,
        variablesNamespace: options.variablesNamespace,
        stateMachine: machine,
        executionNamePrefix: ROLLOUT_EXECUTION.slice(0, -1),
        stateMachineInput: StateMachineInput.literal({
          rollout,
          executionId: '#{codepipeline.PipelineExecutionId}',
          commit,
        }),
      }),
    );
    return { runOrdersConsumed: 1 };
  }
}

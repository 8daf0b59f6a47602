import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { SafetyNet } from '../../constructs/rollback/safety-net';
import { ROLLOUT_EXECUTION } from '../../lib/plan/events';
import type { MachineResult } from '../helpers/run-machine';
import { type Event, Rules } from '../local-aws/event-bridge';
import { resourcesOf } from '../local-aws/template';
import { commitOf, type LocalPipeline } from './local-pipeline';
import { PIPELINE, PIPELINE_NAME, SERVICE } from './plan';

/** The safety net as synthesized: its rules start the machine of a local pipeline. */
export class LocalNet {
  private readonly rules: Rules;
  private readonly machineArn: string;

  constructor() {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Net', { env: PIPELINE });
    const machine = new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromString('{}') });
    const undelivered = new Queue(stack, 'Undelivered');
    new SafetyNet(stack, 'SafetyNet', { service: SERVICE, pipelineName: PIPELINE_NAME, machine, undelivered });
    const synthesized = { ...PIPELINE, template: Template.fromStack(stack).toJSON() as never };
    this.rules = new Rules(synthesized);
    const [[logicalId]] = resourcesOf(synthesized, 'AWS::StepFunctions::StateMachine');
    this.machineArn = `<${logicalId}>`;
  }

  /** Inputs with which the rules start the machine because of this event. */
  inputsOf(event: Event): ReturnType<Rules['inputsOf']> {
    return this.rules.inputsOf(event);
  }

  /** Runs the machines that the rules start for these events. Returns their results. */
  async on(pipeline: LocalPipeline, ...events: readonly Event[]): Promise<readonly MachineResult[]> {
    return Promise.all(events.flatMap((event) => this.inputsOf(event)).map((input) => pipeline.rollback(input)));
  }

  /** Event of Step Functions about an execution of the machine, by default one of a release's rollouts. */
  machineEnded(executionId: string, rollout: string, status = 'ABORTED', input?: object): Event {
    const given = input ?? { rollout, executionId, commit: commitOf(executionId) };
    // CodePipeline names the executions that it starts with the prefix of its action; EventBridge by ids of its own.
    const name = `${input === undefined ? ROLLOUT_EXECUTION : ''}${executionId}-${rollout}`;
    return {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: `arn:aws:states:us-west-2:111111111111:execution:orders-rollout:${name}`,
        stateMachineArn: this.machineArn,
        name,
        status,
        input: JSON.stringify(given),
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        error: 'RolledBack',
        cause: 'rolled back to "the revision before"\nin all regions',
      },
    };
  }
}

/** A change of an execution of the pipeline. */
export const pipelineIs = (executionId: string, state: string, pipeline = PIPELINE_NAME): Event => ({
  source: 'aws.codepipeline',
  'detail-type': 'CodePipeline Pipeline Execution State Change',
  detail: { pipeline, 'execution-id': executionId, state, version: 1 },
});

/** A change of a stage of the pipeline. */
export const stageIs = (executionId: string, stage: string, state: string, pipeline = PIPELINE_NAME): Event => ({
  source: 'aws.codepipeline',
  'detail-type': 'CodePipeline Stage Execution State Change',
  detail: { pipeline, 'execution-id': executionId, stage, state, version: 1 },
});

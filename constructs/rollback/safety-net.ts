import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface SafetyNetProps {
  readonly service: string;
  readonly pipelineName: string;
  readonly machine: sfn.IStateMachine;
  /** Queue for orders that could not be delivered. */
  readonly undelivered: sqs.IQueue;
}

/** States in which a stage, a pipeline execution, or a machine execution ends badly (user guides, "events"). */
const STAGE_STATES = ['FAILED', 'STOPPED', 'CANCELED'];
/** STOPPING comes at once; STOPPED, when a person chose to wait, only after the running action. */
const PIPELINE_STATES = ['STOPPING', 'STOPPED', 'SUPERSEDED', 'CANCELED', 'FAILED'];
const MACHINE_STATES = ['FAILED', 'TIMED_OUT', 'ABORTED'];
/**
 * States of a rollback that was killed. FAILED is not one of them: such a rollback has used its patience, and reported
 * why.
 */
const KILLED_STATES = ['TIMED_OUT', 'ABORTED'];
/** The order to roll back in the input of an execution of the machine: as programs write it, and as people type it. */
const ROLLBACK = ['*"rollback":*', '*"rollback" :*'];

/**
 * Rolls back a release that does not go on: a stage failed; the execution of the pipeline was stopped, superseded or
 * cancelled; an execution of the machine ended badly. Each of these starts the machine anew, with the order to roll the
 * release back. The machine does so only for the release that holds production; otherwise it does nothing.
 */
export class SafetyNet extends Construct {
  constructor(scope: Construct, id: string, props: SafetyNetProps) {
    super(scope, id);
    const { pipelineName, machine, undelivered: deadLetterQueue } = props;
    const of = events.EventField.fromPath;
    const releaseOf = (because: string) => ({
      rollback: true,
      executionId: of('$.detail.execution-id'),
      state: of('$.detail.state'),
      because,
    });
    // The whole detail: its text `input` names the release, and would lose its quotes in a field of its own.
    const machineEnded = { rollback: true, ended: of('$.detail') };
    const rule = (ruleId: string, what: string, eventPattern: events.EventPattern, input: object) =>
      new events.Rule(this, ruleId, {
        description: `Rolls back a release of ${props.service} when ${what}`,
        eventPattern,
        targets: [
          new targets.SfnStateMachine(machine, { input: events.RuleTargetInput.fromObject(input), deadLetterQueue }),
        ],
      });

    rule(
      'Stage',
      'one of its stages ends badly',
      {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Stage Execution State Change'],
        detail: { pipeline: [pipelineName], state: STAGE_STATES },
      },
      releaseOf(`stage ${of('$.detail.stage')} of the pipeline is ${of('$.detail.state')}`),
    );
    rule(
      'Pipeline',
      'its execution of the pipeline is stopped or ends badly',
      {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipelineName], state: PIPELINE_STATES },
      },
      releaseOf(`the execution of the pipeline is ${of('$.detail.state')}`),
    );
    rule(
      'Machine',
      'the machine of one of its rollouts ends badly',
      {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [machine.stateMachineArn],
          status: MACHINE_STATES,
          // A rollback that ends badly must not start itself for ever.
          input: events.Match.anythingButWildcard(...ROLLBACK),
        },
      },
      machineEnded,
    );
    rule(
      'Rollback',
      'its rollback is killed',
      {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [machine.stateMachineArn],
          status: KILLED_STATES,
          input: events.Match.anyOf(...ROLLBACK.map((text) => events.Match.wildcard(text))),
        },
      },
      machineEnded,
    );
  }
}

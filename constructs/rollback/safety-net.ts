import { EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { MACHINE_EVENT, PIPELINE_EVENT, ROLLOUT_EXECUTION, STAGE_EVENT } from '../../lib/plan/events';

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

/**
 * Rolls back a release that does not go on: a stage failed; the execution of the pipeline was stopped, superseded or
 * cancelled; an execution of the machine ended badly. Each of these starts the machine anew, with the order to roll the
 * release back. The machine does so only for the release that holds production; otherwise it does nothing.
 *
 * All events share one rule: EventBridge allows 300 rules in an account and region, and 30 with wildcards.
 */
export class SafetyNet extends Construct {
  constructor(scope: Construct, id: string, props: SafetyNetProps) {
    super(scope, id);
    const { service, pipelineName, machine, undelivered: deadLetterQueue } = props;
    const pipeline = [pipelineName];
    const stateMachineArn = [machine.stateMachineArn];
    // The event as it is: the machine's handler reads it.
    const input = { rollback: true, event: { type: EventField.detailType, detail: EventField.fromPath('$.detail') } };
    new Rule(this, 'Rule', {
      description: `Rolls back a release of ${service} when its stage, its execution or its rollout ends badly`,
      eventPattern: {
        source: ['aws.codepipeline', 'aws.states'],
        detailType: [STAGE_EVENT, PIPELINE_EVENT, MACHINE_EVENT],
        detail: {
          $or: [
            { pipeline, stage: Match.exists(), state: STAGE_STATES },
            { pipeline, stage: Match.doesNotExist(), state: PIPELINE_STATES },
            { stateMachineArn, status: MACHINE_STATES, name: Match.prefix(ROLLOUT_EXECUTION) },
            // A rollback that ends badly must not start itself for ever.
            { stateMachineArn, status: KILLED_STATES, name: Match.anythingButPrefix(ROLLOUT_EXECUTION) },
          ],
        },
      },
      targets: [new SfnStateMachine(machine, { input: RuleTargetInput.fromObject(input), deadLetterQueue })],
    });
  }
}

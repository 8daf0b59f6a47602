import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** Adds an output to the stack: the one command with which a person rolls back a release, and holds the pipeline. */
export function printRollbackCommand(scope: Construct, service: string, machine: IStateMachine): void {
  const input = JSON.stringify({ rollback: true, executionId: '<execution>', by: '<your name>', because: '<why>' });
  new CfnOutput(scope, 'RollbackCommand', {
    description: `Rolls back the release of ${service} with this execution of the pipeline, and holds the pipeline`,
    value: `aws stepfunctions start-execution --region ${Stack.of(scope).region} --state-machine-arn ${machine.stateMachineArn} --input '${input}'`,
  });
}

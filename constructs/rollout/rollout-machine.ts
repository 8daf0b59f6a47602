import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { handlerRoleName } from '../../lib/plan/names';
import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { HANDLER_MINUTES } from '../../lib/plan/timing';
import { type HandlerArns, rolloutMachineDefinition } from '../../lib/rollout/machine-definition';
import { HandlerRole, handlerFunction } from '../core/handler-function';
import type { Deadlines } from '../ledger/deadlines';
import type { HeldTransitions } from '../ledger/held-transitions';
import { ledgerAccess } from '../ledger/ledger';
import type { TeamTopic } from '../messages/team-topic';

export interface RolloutMachineProps {
  readonly plan: RolloutPlan;
  readonly table: dynamodb.ITable;
  readonly transitions: HeldTransitions;
  readonly team: TeamTopic;
  readonly deadlines: Deadlines;
}

/** ARN of the machine, known before it is made: its own handlers refer to it. */
export const rolloutMachineArn = (scope: Construct, service: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName(service),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** ARN of all executions of the machine. */
export const rolloutExecutionsArn = (scope: Construct, service: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machineName(service)}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const machineName = (service: string): string => `${service}-rollout`;

/** Bundle of each handler, and its task in the words of its description. */
const HANDLERS: { readonly [name in keyof HandlerArns]: { bundle: string; does: string } } = {
  collect: { bundle: 'collect', does: 'records in the ledger what the environments have published' },
  start: { bundle: 'start', does: 'starts the deployments of a rollout' },
  watch: { bundle: 'watch', does: 'reads the deployments and alarms of all regions' },
  settle: { bundle: 'settle', does: 'ends a rollout that went well' },
  rollback: { bundle: 'rollback', does: 'returns all regions to the stable revision' },
};

/** The rollout machine of a pipeline: one for staging's shift, the canary and every wave. */
export class RolloutMachine extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: RolloutMachineProps) {
    super(scope, id);
    const { plan, table, transitions, team, deadlines } = props;
    const stack = Stack.of(this);
    const name = machineName(plan.service);
    const legName = `${name}-leg`;
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

    const handlerRole = new HandlerRole(this, 'HandlerRole', {
      roleName: handlerRoleName(plan.service, stack.region),
      description: `Rollouts of ${plan.service}: assumes the roles of its environments`,
    });
    handlerRole.permissions.addStatements(
      ledgerAccess(table),
      // A rollback reopens the transitions for the next release.
      ...transitions.access(),
      ...deadlines.toSet(),
      deadlines.toDrop(),
      new iam.PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: Object.values(plan.environments).map((environment) => environment.roleArn),
      }),
    );
    const needs: { readonly [name in keyof HandlerArns]?: { readonly [variable: string]: string } } = {
      // A wave that waits for its window moves the deadline of the regions that have shifted before.
      collect: deadlines.setting,
      start: deadlines.setting,
      rollback: { ...transitions.environment, ...deadlines.dropping },
    };
    const arns = Object.fromEntries(
      Object.entries(HANDLERS).map(([key, { bundle, does }]) => [
        key,
        handlerFunction(this, key, {
          bundle,
          description: `Rollouts of ${plan.service}: ${does}`,
          role: handlerRole,
          environment: { LEDGER_TABLE: table.tableName, ...(needs[key as keyof HandlerArns] ?? {}) },
          timeout: Duration.minutes(HANDLER_MINUTES),
        }).functionArn,
      ]),
    ) as unknown as HandlerArns;

    const { parent, leg } = rolloutMachineDefinition({
      plan,
      handlers: arns,
      machineArn: rolloutMachineArn(this, plan.service),
      legMachineArn: arnOf('stateMachine', legName),
      topicArn: team.topic.topicArn,
      partition: stack.partition,
    });
    const legMachine = this.stateMachine('Leg', legName, leg, [
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arns.watch] }),
    ]);
    this.machine = this.stateMachine('Machine', name, parent, [
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [arns.collect, arns.start, arns.settle, arns.rollback],
      }),
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [legMachine.stateMachineArn] }),
      new iam.PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [arnOf('execution', `${legName}:*`)],
      }),
      // A rollback stops the execution that runs the release's rollout.
      new iam.PolicyStatement({ actions: ['states:StopExecution'], resources: [arnOf('execution', `${name}:*`)] }),
      ...team.publishing(),
      // With this rule Step Functions notices the end of a nested execution (.sync integration).
      new iam.PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [
          stack.formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
          }),
        ],
      }),
    ]);
  }

  private stateMachine(id: string, name: string, definition: object, permissions: iam.PolicyStatement[]) {
    return new sfn.StateMachine(this, id, {
      stateMachineName: name,
      definitionBody: sfn.DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role: new iam.Role(this, `${id}Role`, {
        assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
        inlinePolicies: { Permissions: new iam.PolicyDocument({ statements: permissions }) },
      }),
      tracingEnabled: true,
      logs: {
        level: sfn.LogLevel.ALL,
        // The state contains the plan: every event would log it again.
        includeExecutionData: false,
        destination: new logs.LogGroup(this, `${id}Logs`, {
          // With this prefix of Step Functions the account's resource policy for log delivery stays small.
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: logs.RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
  }
}

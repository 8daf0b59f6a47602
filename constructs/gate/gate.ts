import { Duration, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { BreakGlassConfig, GateConfig } from '../../lib/gate/config';
import { GATE_STAGES } from '../../lib/gate/request';
import { accountsOf, type PlanDigest } from '../../lib/plan/digest';
import { environmentGateRoleName, gateHandlerRoleName, roleArn } from '../../lib/plan/names';
import { HandlerRole, handlerFunction } from '../core/handler-function';
import type { TeamTopic } from '../messages/team-topic';
import type { BoundChecks } from './bind-checks';
import { gateDashboard } from './dashboard';

/** A role that may break the glass, and how far it then reaches. */
export interface GateBreakGlass extends Omit<BreakGlassConfig, 'roleName'> {
  readonly role: iam.IRole;
}

export interface GateProps {
  readonly digest: PlanDigest;
  readonly pipelineName: string;
  /** As a text: the pipeline itself refers to the handler. */
  readonly pipelineArn: string;
  readonly checks: BoundChecks;
  readonly breakGlass?: GateBreakGlass;
  readonly dashboard: boolean;
  readonly table: dynamodb.ITable;
  /** Strikes when a blocked release is to be looked at, should no event tell that something has changed. */
  readonly clock: events.Rule;
  readonly team: TeamTopic;
}

/** What is looked at and written when a canary is shortened. */
const CANARY_ATTRIBUTES = ['pk', 'executionId', 'endedAt', 'trafficCycleMinutes', 'changes'];

/** Of the 4 KB that all environment variables of a function have together. */
const CONFIG_BYTES = 3_500;

/** After these an execution that was in the way is gone. */
const ENDED_STATES = ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'];

/** The gate of a pipeline: its function, which both gate actions ask, and what lets it look again after a block. */
export class Gate extends Construct {
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id);
    const { digest, pipelineName, pipelineArn, checks, breakGlass, table, team } = props;
    const { service, production } = digest;
    const stack = Stack.of(this);
    const role = new HandlerRole(this, 'Role', {
      roleName: gateHandlerRoleName(service, stack.region),
      description: `Decides whether releases of ${service} may go on: reads metrics and alarms of its environments`,
    });
    role.permissions.addStatements(
      new iam.PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [table.tableArn] }),
      // It remembers blocks and uses of break glass, and can touch neither who holds production nor what is stable.
      write(table, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], ['blocked#*', 'break-glass#*']),
      // Of a release, how long its canary is observed.
      write(table, ['dynamodb:UpdateItem'], ['release#*'], CANARY_ATTRIBUTES),
      new iam.PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: production.map(({ account, region }) =>
          roleArn(stack.partition, account, environmentGateRoleName(service, region)),
        ),
      }),
      new iam.PolicyStatement({
        actions: ['codepipeline:GetPipelineState', 'codepipeline:GetPipelineExecution'],
        resources: [pipelineArn],
      }),
      new iam.PolicyStatement({
        actions: ['codepipeline:RetryStageExecution'],
        resources: GATE_STAGES.map((stage) => `${pipelineArn}/${stage}`),
      }),
      ...team.publishing(),
      ...checks.grants,
    );
    if (breakGlass) this.allowBreakGlass(breakGlass, role);
    const config: GateConfig = {
      schema: 1,
      service,
      production: accountsOf(digest),
      checks: checks.configs,
      breakGlass: breakGlass && {
        parameter: breakGlass.parameter,
        roleName: breakGlass.role.roleName,
        trafficCycleMinutes: breakGlass.trafficCycleMinutes,
        ownTrafficCycleMinutes: breakGlass.ownTrafficCycleMinutes,
      },
    };
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'gate',
      description: `Lets releases of ${service} into Canary and Production, or blocks them`,
      role,
      environment: {
        GATE: configVariable(stack, config),
        LEDGER_TABLE: table.tableName,
        PIPELINE_NAME: pipelineName,
        TOPIC_ARN: team.topic.topicArn,
      },
      // The action is answered within a minute; what follows has some time.
      timeout: Duration.minutes(2),
      memory: 512,
    });
    if (props.dashboard) gateDashboard(this, service, checks);
    this.lookAgain(props, [...new Set([...checks.parameters, ...(breakGlass ? [breakGlass.parameter] : [])])]);
  }

  /** The role may write the parameter, and so ask; the gate reads who has written it. */
  private allowBreakGlass({ parameter, role }: GateBreakGlass, handlerRole: HandlerRole): void {
    const arn = Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${parameter}` });
    handlerRole.permissions.addStatements(
      new iam.PolicyStatement({ actions: ['ssm:GetParameterHistory'], resources: [arn] }),
    );
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['ssm:PutParameter', 'ssm:GetParameter'], resources: [arn] }),
    );
  }

  /** Whether a blocked release may go on is asked by the clock, and when something has changed that may have blocked it. */
  private lookAgain({ clock, pipelineName, digest: { service } }: GateProps, parameters: readonly string[]): void {
    const target = () =>
      new LambdaFunction(this.handler, { event: events.RuleTargetInput.fromObject({ retryBlocked: true }) });
    clock.addTarget(target());
    new events.Rule(this, 'ExecutionEnded', {
      description: `An execution of the pipeline ${pipelineName} has ended, which a blocked release may have waited for`,
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipelineName], state: ENDED_STATES },
      },
      targets: [target()],
    });
    if (parameters.length > 0) {
      new events.Rule(this, 'ParameterChanged', {
        description: `A parameter has changed that the gate of ${service} asks: a freeze, evidence, break glass`,
        eventPattern: {
          source: ['aws.ssm'],
          detailType: ['Parameter Store Change'],
          detail: { name: parameters },
        },
        targets: [target()],
      });
    }
  }
}

/** Writing of items of the ledger whose keys are like these, and of no others. */
const write = (table: dynamodb.ITable, actions: string[], keys: string[], attributes?: string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions,
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      ...(attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } }),
    },
  });

function configVariable(stack: Stack, config: GateConfig): string {
  const value = stack.toJsonString(config);
  const bytes = Buffer.byteLength(JSON.stringify(stack.resolve(config)));
  if (bytes > CONFIG_BYTES) {
    const largest = [...config.checks].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
    throw new Error(
      `The checks of the gate have ${bytes} bytes, but at most ${CONFIG_BYTES} fit beside the others into the 4 KB of a Lambda function's environment ` +
        `variables: ${config.checks.length} checks in ${Object.keys(config.production).length} regions, the largest of them "${largest?.name}". Remove checks, ` +
        'shorten names and descriptions, or put several criteria into one custom check',
    );
  }
  return value;
}

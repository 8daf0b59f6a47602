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
import { PIPELINE_EVENT } from '../../lib/plan/events';
import { environmentGateRoleName, gateHandlerRoleName, roleArn } from '../../lib/plan/names';
import { HandlerRole, handlerFunction } from '../core/handler-function';
import type { TeamTopic } from '../messages/team-topic';
import type { BoundChecks } from './bind-checks';
import { gateDashboard } from './dashboard';
import { parameterPattern } from './parameter-pattern';

/** A role that may break the glass, and the limits of its override. */
export interface GateBreakGlass extends Omit<BreakGlassConfig, 'roleName'> {
  readonly role: iam.IRole;
}

export interface GateProps {
  readonly digest: PlanDigest;
  readonly pipelineName: string;
  /** ARN of the pipeline. A text, not a reference: the pipeline itself refers to the handler. */
  readonly pipelineArn: string;
  readonly checks: BoundChecks;
  readonly breakGlass?: GateBreakGlass;
  readonly dashboard: boolean;
  readonly table: dynamodb.ITable;
  /** Rule that fires to retry blocked releases, in case no event reports a change. */
  readonly clock: events.Rule;
  readonly team: TeamTopic;
}

/** Attributes that the gate reads and writes when a canary is shortened. */
const CANARY_ATTRIBUTES = ['pk', 'executionId', 'endedAt', 'trafficCycleMinutes', 'changes'];

/** Maximum size of the configuration, out of the 4 KB that all environment variables of a function share. */
const CONFIG_BYTES = 3_500;

/** States after which an execution blocks no other. */
const ENDED_STATES = ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'];

/** Gate of a pipeline: the function that both gate actions call, and the rules that retry blocked releases. */
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
      // Records of blocks and uses of break glass. The gate can change neither the holder of production nor the stable revisions.
      write(table, ['dynamodb:PutItem', 'dynamodb:UpdateItem'], ['blocked#*', 'break-glass#*']),
      // Traffic cycle of a release.
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
      // The action gets its answer within a minute; the work after it has some time.
      timeout: Duration.minutes(2),
      memory: 512,
    });
    if (props.dashboard) gateDashboard(this, service, checks);
    this.retryBlocked(props, [...new Set([...checks.parameters, ...(breakGlass ? [breakGlass.parameter] : [])])]);
  }

  /** Lets the role write the parameter, which requests the override, and lets the gate read who wrote it. */
  private allowBreakGlass({ parameter, role }: GateBreakGlass, handlerRole: HandlerRole): void {
    const arn = Stack.of(this).formatArn({ service: 'ssm', resource: `parameter${parameter}` });
    handlerRole.permissions.addStatements(
      new iam.PolicyStatement({ actions: ['ssm:GetParameterHistory'], resources: [arn] }),
    );
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['ssm:PutParameter', 'ssm:GetParameter'], resources: [arn] }),
    );
  }

  /** Retries blocked releases at intervals, and when a change may have ended a block. */
  private retryBlocked({ clock, pipelineName, digest: { service } }: GateProps, parameters: readonly string[]): void {
    const target = () =>
      new LambdaFunction(this.handler, { event: events.RuleTargetInput.fromObject({ retryBlocked: true }) });
    clock.addTarget(target());
    const ended = { pipeline: [pipelineName], state: ENDED_STATES };
    const changed = { name: parameterPattern(parameters) };
    new events.Rule(this, 'Changed', {
      description: `Retries blocked releases of ${service} when an execution has ended, or a parameter has changed that the gate reads`,
      eventPattern: {
        source: ['aws.codepipeline', 'aws.ssm'],
        detailType: [PIPELINE_EVENT, 'Parameter Store Change'],
        detail: parameters.length > 0 ? { $or: [ended, changed] } : ended,
      },
      targets: [target()],
    });
  }
}

/** Permission to write items of the ledger whose keys are like these, and no others. */
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

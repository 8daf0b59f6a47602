import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerRole, handlerFunction } from '../core/handler-function';
import type { TeamTopic } from '../messages/team-topic';
import type { Deadlines } from './deadlines';
import type { HeldTransitions } from './held-transitions';

export interface LedgerProps {
  readonly service: string;
  readonly transitions: HeldTransitions;
  /** Lengths and windows of the rollouts, and the blackouts: a text that fits into an environment variable. */
  readonly schedule: string;
  readonly team: TeamTopic;
  readonly deadlines: Deadlines;
}

/**
 * States of an execution after which the transitions may have to change. It ended without opening them, or goes on
 * after all, or has just started and would wait for ever.
 */
const STATES = ['STARTED', 'RESUMED', 'SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'];

/** Fallback interval: waiting releases are checked this often, in case an event was lost. */
const RECHECK_INTERVAL = Duration.minutes(10);

/**
 * Ledger of a pipeline: the table, and two handlers. One serves the actions that lock and free production. The other
 * lets the next release come when an execution ended otherwise.
 */
export class Ledger extends Construct {
  readonly table: dynamodb.Table;
  readonly handler: lambda.Function;
  /** Rule that fires to check waiting releases. */
  readonly clock: events.Rule;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    const { service, transitions, schedule, team, deadlines } = props;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const role = new HandlerRole(this, 'Role', {
      description: `Locks and frees production for releases of ${service}`,
    });
    role.permissions.addStatements(
      ledgerAccess(this.table),
      transitions.executions(),
      ...transitions.access(),
      ...team.publishing(),
      deadlines.toDrop(),
    );
    const environment = { LEDGER_TABLE: this.table.tableName, ...transitions.environment };
    const common = { role, environment, timeout: Duration.minutes(1) };
    this.handler = handlerFunction(this, 'Handler', {
      ...common,
      environment: {
        ...environment,
        ...deadlines.dropping,
        RELEASE_SCHEDULE: schedule,
        TOPIC_ARN: team.topic.topicArn,
      },
      bundle: 'ledger',
      description: `Locks and frees production for releases of ${service}`,
    });
    const reopen = handlerFunction(this, 'Reopen', {
      ...common,
      bundle: 'reopen',
      description: `Lets the next release of ${service} come when none holds production`,
    });
    new events.Rule(this, 'ExecutionsChange', {
      description: `Executions of the pipeline ${transitions.pipelineName} that start, end or go on`,
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [transitions.pipelineName], state: STATES },
      },
      targets: [new LambdaFunction(reopen)],
    });
    this.clock = new events.Rule(this, 'Clock', {
      description: `Checks whether a waiting release of ${service} may go on`,
      schedule: events.Schedule.rate(RECHECK_INTERVAL),
      targets: [new LambdaFunction(reopen)],
    });
  }
}

/** Returns the permissions to read the ledger and to write it, under its conditions. */
export function ledgerAccess(table: dynamodb.ITable): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [table.tableArn],
  });
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerRole, handlerFunction } from '../private/handler-function';

export interface LedgerProps {
  readonly service: string;
  readonly pipelineName: string;
  readonly pipelineArn: string;
}

/** Says which release holds production: the table, and the handler of the actions that take and release it. */
export class Ledger extends Construct {
  readonly table: dynamodb.Table;
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.RETAIN,
    });

    const role = new HandlerRole(this, 'Role', {
      description: `Takes and releases production for releases of ${props.service}`,
    });
    role.permissions.addStatements(
      ledgerAccess(this.table),
      new iam.PolicyStatement({ actions: ['codepipeline:GetPipelineExecution'], resources: [props.pipelineArn] }),
    );
    this.handler = handlerFunction(this, 'Handler', {
      bundle: 'ledger',
      description: `Takes and releases production for releases of ${props.service}`,
      role,
      environment: { LEDGER_TABLE: this.table.tableName, PIPELINE_NAME: props.pipelineName },
      timeout: Duration.minutes(1),
    });
  }
}

/** What a handler needs to read the ledger and to write it, under its conditions. */
export function ledgerAccess(table: dynamodb.ITable): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [table.tableArn],
  });
}

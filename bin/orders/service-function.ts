import * as path from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Root of the repository, with the lock file. */
const ROOT = path.join(__dirname, '..', '..');

export interface ServiceFunctionProps {
  readonly description: string;
  readonly environment: { readonly [name: string]: string };
  readonly timeout: Duration;
  /** @default - no reservation: the function shares the account's concurrency */
  readonly reservedConcurrentExecutions?: number;
}

/** A function of this service: `handlers/<handler>.ts`, bundled at synth, with a role that may write its own log and nothing else. */
export class ServiceFunction extends NodejsFunction {
  public constructor(scope: Construct, id: string, handler: string, props: ServiceFunctionProps) {
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      ...props,
      entry: path.join(__dirname, 'handlers', `${handler}.ts`),
      projectRoot: ROOT,
      depsLockFilePath: path.join(ROOT, 'package-lock.json'),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      role,
      logGroup,
      // The SDK is part of the runtime.
      bundling: { target: 'node24', minify: true },
    });
  }
}

import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { type Construct, Dependable } from 'constructs';

const PACKAGE = 'microservice-deployment-pipeline';

export interface HandlerRoleProps {
  /** @default - chosen by CloudFormation */
  readonly roleName?: string;
  readonly description: string;
}

/**
 * Execution role of handler functions. Its permissions are one inline policy, so that the role has all of them as soon
 * as it exists. `addToPrincipalPolicy` makes a separate policy, for statements that would otherwise close a cycle.
 */
export class HandlerRole extends iam.Role {
  /** The inline policy. Statements may be added until synth. */
  readonly permissions: iam.PolicyDocument;

  constructor(scope: Construct, id: string, props: HandlerRoleProps) {
    const permissions = new iam.PolicyDocument();
    super(scope, id, {
      ...props,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Permissions: permissions },
    });
    this.permissions = permissions;
    // The functions refer to their role. The CDK would add `DependsOn`, which linters of templates report.
    Dependable.implement(this, { dependencyRoots: [] });
  }
}

export interface HandlerFunctionProps {
  /** Name of the file in `lib/handlers`, without extension. */
  readonly bundle: string;
  /** @default - chosen by CloudFormation */
  readonly functionName?: string;
  readonly role: HandlerRole;
  readonly environment?: { readonly [name: string]: string };
  readonly timeout: Duration;
  /** Memory, in MiB. @default 256 */
  readonly memory?: number;
  readonly description: string;
}

/** Creates a Lambda function from one of the bundled handlers of this package. */
export function handlerFunction(scope: Construct, id: string, props: HandlerFunctionProps): lambda.Function {
  // Unnamed, so that it cannot collide with a log group that Lambda created under the function's name.
  const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  props.role.permissions.addStatements(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return new lambda.Function(scope, id, {
    functionName: props.functionName,
    description: props.description,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(bundlePath(props.bundle)),
    role: props.role,
    environment: props.environment,
    timeout: props.timeout,
    memorySize: props.memory ?? 256,
    logGroup,
  });
}

/** Returns the folder of a handler's bundle, in this repository and in the published package alike. */
export function bundlePath(bundle: string): string {
  const directory = path.join(packageRoot(), 'dist', 'handlers', bundle);
  if (!existsSync(path.join(directory, 'index.js'))) {
    throw new Error(`The handler '${bundle}' is not bundled: ${directory}/index.js is missing. Run: npm run bundle`);
  }
  return directory;
}

let root: string | undefined;

function packageRoot(): string {
  root ??= findPackageRoot(__dirname);
  return root;
}

function findPackageRoot(start: string): string {
  for (let at = start; ; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === PACKAGE) {
      return at;
    }
    if (at === path.dirname(at)) {
      throw new Error(`No package.json of ${PACKAGE} above ${start}: install the package whole`);
    }
  }
}

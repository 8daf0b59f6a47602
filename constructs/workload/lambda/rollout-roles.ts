import { Aws, type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  deploymentGroupName,
  environmentRoleName,
  handlerRoleName,
  neverPromoteHookName,
  parameterName,
  roleArn,
  stableParameterName,
} from '../../../lib/plan/names';
import { ALL_AT_ONCE } from '../../../lib/workload/lambda/names';
import type { Environment } from '../../environment/environment';

/** Resources that the roles of an environment give access to. */
export interface RolloutRolesProps {
  readonly environment: Environment;
  readonly keys: readonly string[];
  readonly functions: readonly lambda.Function[];
  /** Deployment configurations besides all-at-once. */
  readonly configs: readonly string[];
}

const QUALIFIERS =
  'Versions have no name before they are published, and Lambda checks calls about them by their own ARN';
const NO_RESOURCES =
  'cloudwatch:DescribeAlarms and codedeploy:StopDeployment are not reliably limited to resources, and a denial would break a rollback';

/**
 * Creates CodeDeploy's role, which may move the alias, read the alarms, and call the hook. It has less than
 * AWSCodeDeployRoleForLambdaLimited: these functions rather than all, and nothing in S3.
 */
export function codeDeployRole(scope: Construct, { environment, functions }: RolloutRolesProps): iam.CfnRole {
  const { service, phase } = environment;
  const statements = [
    allow(['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'], qualified(functions)),
    allow(['cloudwatch:DescribeAlarms'], ['*']),
  ];
  if (phase === 'PRODUCTION') {
    statements.push(
      allow(
        ['lambda:InvokeFunction'],
        [arn(environment, 'lambda', `function:${neverPromoteHookName(service, phase)}`)],
      ),
    );
  }
  return acknowledged(
    new iam.CfnRole(scope, 'CodeDeployRole', {
      description: `Shifts traffic of ${service}`,
      assumeRolePolicyDocument: trust(new iam.ServicePrincipal('codedeploy.amazonaws.com')),
      policies: [{ policyName: 'Permissions', policyDocument: new iam.PolicyDocument({ statements }) }],
    }),
    functions,
  );
}

/** Creates the role of this environment that the rollout handlers, in the pipeline's account, assume. */
export function rolloutRole(scope: Construct, props: RolloutRolesProps): iam.CfnRole {
  const { environment, keys, functions, configs } = props;
  const { service, phase, region, pipeline } = environment;
  const codeDeploy = (resource: string) => arn(environment, 'codedeploy', resource);
  const names = keys.map((key) => deploymentGroupName(service, phase, key));
  const statements = [
    allow(
      [
        'codedeploy:BatchGetDeployments',
        'codedeploy:CreateDeployment',
        'codedeploy:GetDeploymentGroup',
        'codedeploy:ListDeployments',
        // Needed by deployments that override the group's alarms.
        'codedeploy:UpdateDeploymentGroup',
      ],
      names.map((name) => codeDeploy(`deploymentgroup:${name}/${name}`)),
    ),
    // Calls that CreateDeployment makes besides.
    allow(
      ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      names.map((name) => codeDeploy(`application:${name}`)),
    ),
    allow(
      ['codedeploy:GetDeploymentConfig'],
      [ALL_AT_ONCE, ...configs].map((name) => codeDeploy(`deploymentconfig:${name}`)),
    ),
    allow(
      [
        'lambda:GetAlias',
        'lambda:GetFunctionConfiguration',
        'lambda:GetProvisionedConcurrencyConfig',
        // The last resort of a rollback.
        'lambda:UpdateAlias',
      ],
      qualified(functions),
    ),
    // StopDeployment: the permissions reference and the service authorization reference disagree on its resource. A
    // denied rollback would be worse than a permission too wide.
    allow(['cloudwatch:DescribeAlarms', 'codedeploy:StopDeployment'], ['*']),
  ];
  const handlerRole = roleArn(Aws.PARTITION, pipeline.account, handlerRoleName(service, pipeline.region));
  return acknowledged(
    new iam.CfnRole(scope, 'RolloutRole', {
      roleName: environmentRoleName(service, phase, region),
      description: `Rolls ${service} out in ${environment.name}, on behalf of its pipeline`,
      // A role's ARN as principal would turn into an id that dies with the role. The condition compares the name.
      assumeRolePolicyDocument: trust(
        new iam.AccountPrincipal(pipeline.account).withConditions({ ArnEquals: { 'aws:PrincipalArn': handlerRole } }),
      ),
      policies: [{ policyName: 'Permissions', policyDocument: new iam.PolicyDocument({ statements }) }],
      // The role refers to the policy, not the policy to the role: the policy then exists before the role.
      managedPolicyArns: [parametersPolicy(scope, props).ref],
    }),
    functions,
  );
}

/**
 * Permission for the parameters of these functions. The inline policies of a role have 10,240 characters together, which the
 * other permissions of 12 functions nearly fill. A managed policy has 6,144 of its own; these take 4,000 at most.
 */
function parametersPolicy(scope: Construct, { environment, keys }: RolloutRolesProps): iam.CfnManagedPolicy {
  const { service, phase, name } = environment;
  const arns = (nameOf: (key: string) => string) => keys.map((key) => parameterArn(environment, nameOf(key)));
  const statements = [
    allow(
      ['ssm:GetParameters'],
      arns((key) => parameterName(service, phase, key)),
    ),
  ];
  if (phase === 'PRODUCTION') {
    statements.push(
      allow(
        ['ssm:GetParameters', 'ssm:PutParameter'],
        arns((key) => stableParameterName(service, key)),
      ),
    );
  }
  return new iam.CfnManagedPolicy(scope, 'RolloutParameters', {
    description: `Reads the published revisions of ${service} in ${name}, and records its stable ones`,
    policyDocument: new iam.PolicyDocument({ statements }),
  });
}

const allow = (actions: string[], resources: string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions, resources });

/** Returns ARNs with and without a qualifier: which of the two Lambda checks depends on the call. */
const qualified = (functions: readonly lambda.Function[]): string[] =>
  functions.flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]);

const parameterArn = (environment: Environment, name: string): string => arn(environment, 'ssm', `parameter${name}`);

const arn = ({ region, account }: Environment, service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${region}:${account}:${resource}`;

function trust(principal: iam.IPrincipal): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [principal] })],
  });
}

function acknowledged(role: iam.CfnRole, functions: readonly lambda.Function[]): iam.CfnRole {
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: NO_RESOURCES },
    ...functions.map((fn) => {
      const logicalId = Stack.of(fn).resolve((fn.node.defaultChild as CfnResource).logicalId);
      return { id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`, reason: QUALIFIERS };
    }),
  );
  return role;
}

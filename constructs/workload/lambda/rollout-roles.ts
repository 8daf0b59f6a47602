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
  stableParameterName,
} from '../../../lib/plan/names';
import { ALL_AT_ONCE } from '../../../lib/workload/lambda/names';
import type { Environment } from '../../environment/environment';

/** What the roles of an environment give access to. */
export interface RolloutRolesProps {
  readonly environment: Environment;
  readonly keys: readonly string[];
  readonly functions: readonly lambda.Function[];
  /** Deployment configurations besides all-at-once. */
  readonly configs: readonly string[];
}

const QUALIFIERS =
  'Versions have no name before they are published, and Lambda checks calls about them by their own ARN';
const STABLES =
  'The stable versions of this service alone, one parameter per function: the names of all would not fit into the 10,240 characters of a role';
const NO_RESOURCES =
  'cloudwatch:DescribeAlarms and codedeploy:StopDeployment are not reliably limited to resources, and a denial would break a rollback';

/**
 * What CodeDeploy may do: move the alias, watch the alarms, call the hook. AWSCodeDeployRoleForLambdaLimited with less:
 * these functions rather than all, and nothing in S3.
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

/** What the rollout handlers, in the pipeline's account, may do in this environment. */
export function rolloutRole(scope: Construct, props: RolloutRolesProps): iam.CfnRole {
  const { environment, keys, functions, configs } = props;
  const { service, phase, region, pipelineAccount, pipelineRegion } = environment;
  const codeDeploy = (resource: string) => arn(environment, 'codedeploy', resource);
  const names = keys.map((key) => deploymentGroupName(service, phase, key));
  const stables = phase === 'PRODUCTION' ? [stablesArn(environment)] : [];
  const statements = [
    allow(
      [
        'codedeploy:BatchGetDeployments',
        'codedeploy:CreateDeployment',
        'codedeploy:GetDeploymentGroup',
        'codedeploy:ListDeployments',
        // Asked for by deployments that override the group's alarms.
        'codedeploy:UpdateDeploymentGroup',
      ],
      names.map((name) => codeDeploy(`deploymentgroup:${name}/${name}`)),
    ),
    // What CreateDeployment does besides.
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
    allow(
      ['ssm:GetParameters'],
      [...keys.map((key) => parameterArn(environment, parameterName(service, phase, key))), ...stables],
    ),
    ...(stables.length > 0 ? [allow(['ssm:PutParameter'], stables)] : []),
    // StopDeployment: the permissions reference and the service authorization reference disagree on its resource. A
    // denied rollback would be worse than a permission too wide.
    allow(['cloudwatch:DescribeAlarms', 'codedeploy:StopDeployment'], ['*']),
  ];
  const handlerRole = `arn:${Aws.PARTITION}:iam::${pipelineAccount}:role/${handlerRoleName(service, pipelineRegion)}`;
  return acknowledged(
    new iam.CfnRole(scope, 'RolloutRole', {
      roleName: environmentRoleName(service, phase, region),
      description: `Rolls ${service} out in ${environment.name}, on behalf of its pipeline`,
      // A role's ARN as principal would turn into an id that dies with the role. The condition asks for the name.
      assumeRolePolicyDocument: trust(
        new iam.AccountPrincipal(pipelineAccount).withConditions({ ArnEquals: { 'aws:PrincipalArn': handlerRole } }),
      ),
      policies: [{ policyName: 'Permissions', policyDocument: new iam.PolicyDocument({ statements }) }],
    }),
    functions,
    stables,
  );
}

const allow = (actions: string[], resources: string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions, resources });

/** With and without a qualifier: which of the two Lambda checks depends on the call. */
const qualified = (functions: readonly lambda.Function[]): string[] =>
  functions.flatMap(({ functionArn }) => [functionArn, `${functionArn}:*`]);

const parameterArn = (environment: Environment, name: string): string => arn(environment, 'ssm', `parameter${name}`);

/** The parameters in which a region remembers what its functions return to. */
const stablesArn = (environment: Environment): string =>
  parameterArn(environment, stableParameterName(environment.service, '*'));

const arn = ({ region, account }: Environment, service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${region}:${account}:${resource}`;

function trust(principal: iam.IPrincipal): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [principal] })],
  });
}

function acknowledged(
  role: iam.CfnRole,
  functions: readonly lambda.Function[],
  stables: readonly string[] = [],
): iam.CfnRole {
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: NO_RESOURCES },
    ...functions.map((fn) => {
      const logicalId = Stack.of(fn).resolve((fn.node.defaultChild as CfnResource).logicalId);
      return { id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`, reason: QUALIFIERS };
    }),
    ...stables.map((each) => ({
      id: `AwsSolutions-IAM5[Resource::${each.replace(Aws.PARTITION, '<AWS::Partition>')}]`,
      reason: STABLES,
    })),
  );
  return role;
}

import { Aws, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { environmentGateRoleName, gateHandlerRoleName, roleArn } from '../../lib/plan/names';
import type { Environment } from './environment';

const NO_RESOURCES =
  'cloudwatch:GetMetricData and DescribeAlarms have no dependable resource-level permissions; both only read';

/**
 * Creates the role with which the pipeline's gate reads this environment: metrics, alarms, and the SLOs of its checks.
 */
export function gateRole(scope: Construct, environment: Environment): iam.CfnRole {
  const { service, region, account, name, pipeline, signalsSlos } = environment;
  const handlerRole = roleArn(Aws.PARTITION, pipeline.account, gateHandlerRoleName(service, pipeline.region));
  const statements = [
    new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'], resources: ['*'] }),
  ];
  if (signalsSlos.length > 0) {
    statements.push(
      new iam.PolicyStatement({
        actions: ['application-signals:BatchGetServiceLevelObjectiveBudgetReport'],
        resources: signalsSlos.map((slo) => `arn:${Aws.PARTITION}:application-signals:${region}:${account}:slo/${slo}`),
      }),
    );
  }
  const role = new iam.CfnRole(scope, 'GateRole', {
    roleName: environmentGateRoleName(service, region),
    description: `Reads metrics and alarms of ${service} in ${name}, on behalf of its pipeline's gate`,
    // A role's ARN as principal would turn into an id that dies with the role. The condition compares the name.
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          actions: ['sts:AssumeRole'],
          principals: [
            new iam.AccountPrincipal(pipeline.account).withConditions({
              ArnEquals: { 'aws:PrincipalArn': handlerRole },
            }),
          ],
        }),
      ],
    }),
    policies: [{ policyName: 'Permissions', policyDocument: new iam.PolicyDocument({ statements }) }],
  });
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: NO_RESOURCES });
  return role;
}

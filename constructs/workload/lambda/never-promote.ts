import { Aws, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { deploymentGroupName, neverPromoteHookName } from '../../../lib/plan/names';
import { HandlerRole, handlerFunction } from '../../core/handler-function';
import type { Environment } from '../../environment/environment';

/**
 * Creates the hook that keeps CodeDeploy from promoting a canary that nobody ended. One per environment that has
 * canaries.
 */
export function neverPromoteHook(scope: Construct, environment: Environment, keys: readonly string[]): void {
  const { service, phase, region, account } = environment;
  const role = new HandlerRole(scope, 'NeverPromoteRole', { description: 'Fails canaries that nobody ended' });
  role.permissions.addStatements(
    new iam.PolicyStatement({
      actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
      resources: keys.map((key) => {
        const name = deploymentGroupName(service, phase, key);
        return `arn:${Aws.PARTITION}:codedeploy:${region}:${account}:deploymentgroup:${name}/${name}`;
      }),
    }),
  );
  handlerFunction(scope, 'NeverPromote', {
    bundle: 'never-promote',
    functionName: neverPromoteHookName(service, phase),
    role,
    timeout: Duration.seconds(30),
    description: 'Fails a canary that nobody ended, so that CodeDeploy returns its traffic',
  });
}

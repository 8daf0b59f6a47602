import { CfnDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { CANARY_INTERVAL_MINUTES, canaryConfigName, linearConfigName } from '../../../lib/plan/names';
import type { Environment } from '../../environment/environment';

/**
 * Creates the configuration of a canary of one share. Its interval is the longest that CodeDeploy allows: the rollout
 * ends the canary, not this timer.
 *
 * @param percentage whole, 1–99
 * @param owner microservice that owns it; none for those that an account's baseline shares
 */
export function canaryConfig(scope: Construct, id: string, percentage: number, owner?: string): CfnDeploymentConfig {
  return new CfnDeploymentConfig(scope, id, {
    computePlatform: 'Lambda',
    deploymentConfigName: canaryConfigName(percentage, owner),
    trafficRoutingConfig: {
      type: 'TimeBasedCanary',
      timeBasedCanary: { canaryPercentage: percentage, canaryInterval: CANARY_INTERVAL_MINUTES },
    },
  });
}

/**
 * Creates the configuration of equal steps, an equal time apart.
 *
 * @param percentage of each step; whole, 1–99
 * @param intervalMinutes between two steps; whole
 * @param owner microservice that owns it; none for those that an account's baseline shares
 */
export function linearConfig(
  scope: Construct,
  id: string,
  percentage: number,
  intervalMinutes: number,
  owner?: string,
): CfnDeploymentConfig {
  return new CfnDeploymentConfig(scope, id, {
    computePlatform: 'Lambda',
    deploymentConfigName: linearConfigName(percentage, intervalMinutes, owner),
    trafficRoutingConfig: {
      type: 'TimeBasedLinear',
      timeBasedLinear: { linearPercentage: percentage, linearInterval: intervalMinutes },
    },
  });
}

/** Names of the deployment configurations of an environment's rollouts; undefined where all traffic shifts at once. */
export interface DeploymentConfigNames {
  readonly canary?: string;
  readonly wave?: string;
}

/** Returns their names: after the microservice, unless the platform team's baseline shares them. */
export function deploymentConfigNames(environment: Environment): DeploymentConfigNames {
  const { service, phase, canaryPercentage, steps, sharedDeploymentConfigs } = environment;
  if (phase !== 'PRODUCTION') {
    return {};
  }
  const owner = sharedDeploymentConfigs ? undefined : service;
  return {
    canary: canaryPercentage === undefined ? undefined : canaryConfigName(canaryPercentage, owner),
    wave: steps && linearConfigName(steps.percentage, steps.intervalMinutes, owner),
  };
}

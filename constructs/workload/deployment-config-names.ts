import type { Construct } from 'constructs';
import { canaryConfigName, linearConfigName } from '../../lib/names';
import type { Environment } from '../microservice/environment';
import { canaryConfig, linearConfig } from '../private/deployment-configs';

/** The deployment configurations of an environment's rollouts; undefined where all traffic shifts at once. */
export interface DeploymentConfigNames {
  readonly canary?: string;
  readonly wave?: string;
}

/** Creates the environment's deployment configurations, or names those that the platform team's baseline shares. */
export function deploymentConfigs(scope: Construct, environment: Environment): DeploymentConfigNames {
  const { service, phase, canaryPercentage, steps, sharedDeploymentConfigs } = environment;
  if (phase !== 'PRODUCTION') {
    return {};
  }
  const owner = sharedDeploymentConfigs ? undefined : service;
  if (owner !== undefined && canaryPercentage !== undefined) {
    canaryConfig(scope, 'CanaryConfig', canaryPercentage, owner);
  }
  if (owner !== undefined && steps) {
    linearConfig(scope, 'WaveConfig', steps.percentage, steps.intervalMinutes, owner);
  }
  return {
    canary: canaryPercentage === undefined ? undefined : canaryConfigName(canaryPercentage, owner),
    wave: steps && linearConfigName(steps.percentage, steps.intervalMinutes, owner),
  };
}

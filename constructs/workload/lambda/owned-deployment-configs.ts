import type { Construct } from 'constructs';
import type { Environment } from '../../environment/environment';
import { canaryConfig, type DeploymentConfigNames, deploymentConfigNames, linearConfig } from './deployment-configs';

/** Creates the environment's deployment configurations, or names those that the platform team's baseline shares. */
export function deploymentConfigs(scope: Construct, environment: Environment): DeploymentConfigNames {
  const { service, canaryPercentage, steps, sharedDeploymentConfigs } = environment;
  const names = deploymentConfigNames(environment);
  if (!sharedDeploymentConfigs && names.canary !== undefined && canaryPercentage !== undefined) {
    canaryConfig(scope, 'CanaryConfig', canaryPercentage, service);
  }
  if (!sharedDeploymentConfigs && names.wave !== undefined && steps) {
    linearConfig(scope, 'WaveConfig', steps.percentage, steps.intervalMinutes, service);
  }
  return names;
}

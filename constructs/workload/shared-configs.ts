import type { CfnDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { canaryConfig, linearConfig } from './lambda/deployment-configs';

/** Deployment configurations of one share, for all kinds of workloads: services of an account and region share them. */
export const sharedCanaryConfigs = (scope: Construct, percentage: number): readonly CfnDeploymentConfig[] => [
  canaryConfig(scope, `Canary${percentage}`, percentage),
];

/** Deployment configurations of equal steps, for all kinds of workloads. */
export const sharedLinearConfigs = (
  scope: Construct,
  percentage: number,
  intervalMinutes: number,
): readonly CfnDeploymentConfig[] => [
  linearConfig(scope, `Linear${percentage}Every${intervalMinutes}`, percentage, intervalMinutes),
];

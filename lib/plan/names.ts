/**
 * The names that both sides of an account boundary must agree on without asking each other. All are known at synth.
 * Longest: a role's name, 64 characters, which is why a service's name has at most 30.
 */
import type { Phase } from './rollout-plan';

/**
 * Minutes after which CodeDeploy's timer would promote a canary: the longest it allows. It never gets that far: a rollout
 * ends the canary before, and the never-promote hook fails what nobody ended.
 */
export const CANARY_INTERVAL_MINUTES = 2_880;

/** Names of the rollouts that are not waves. */
export const STAGING_ROLLOUT = 'staging';
export const CANARY_ROLLOUT = 'canary';

/** Name of staging's environment. Those of production are called like their regions. */
export const STAGING_ENVIRONMENT = 'staging';

const phaseText = (phase: Phase): string => phase.toLowerCase();

/** `orders-production`: the stack's name and the prefix of all that an environment owns. */
export const environmentPrefix = (service: string, phase: Phase): string => `${service}-${phaseText(phase)}`;

/** CodeDeploy application, and its one deployment group, of one target. */
export const deploymentGroupName = (service: string, phase: Phase, key: string): string =>
  `${environmentPrefix(service, phase)}-${key}`;

/** The SSM parameter in which an environment reports what it published of one target. */
export const parameterName = (service: string, phase: Phase, key: string): string =>
  `/deployment-pipeline/${service}/${phaseText(phase)}/${key}`;

/**
 * SSM parameter of one production target, in its own region and account: the stable revision to which a release returns
 * it. Every release that shifts traffic writes a version of it before.
 */
export const stableParameterName = (service: string, key: string): string =>
  `${parameterName(service, 'PRODUCTION', key)}/stable`;

/** The SSM parameter in which every production environment says where all of them are. No phase is called topology. */
export const topologyParameterName = (service: string): string => `/deployment-pipeline/${service}/topology`;

/** The SSM parameter in which the pipeline says where its ledger is. */
export const pipelineParameterName = (service: string): string => `/deployment-pipeline/${service}/pipeline`;

/**
 * The SSM parameter that stops the line for all services of the pipeline's account and region. Services have their parameters
 * one level below, so that also a service called `freeze` has none of this name.
 */
export const ORGANIZATION_FREEZE_PARAMETER = '/deployment-pipeline/freeze';

/** The SSM parameters that gates read, in the pipeline's account and region. No phase is called like one of them. */
export const freezeParameterName = (service: string): string => `/deployment-pipeline/${service}/freeze`;

/** Where the load test of a service reports. */
export const loadTestParameterName = (service: string): string => `/deployment-pipeline/${service}/load-test`;

/** What the names of the parameters begin with that hold the evidence of a service's readiness; the criterion's name follows. */
export const readinessParameterPrefix = (service: string): string => `/deployment-pipeline/${service}/readiness/`;

export const breakGlassParameterName = (service: string): string => `/deployment-pipeline/${service}/break-glass`;

export const neverPromoteHookName = (service: string, phase: Phase): string =>
  `${environmentPrefix(service, phase)}-never-promote`;

/** The role in an environment that the rollout handlers assume. IAM is global, hence the region. */
export const environmentRoleName = (service: string, phase: Phase, region: string): string =>
  `${environmentPrefix(service, phase)}-${region}-rollout`;

/** ARN of a role. */
export const roleArn = (partition: string, account: string, name: string): string =>
  `arn:${partition}:iam::${account}:role/${name}`;

/** The role of the rollout handlers in the pipeline's account. */
export const handlerRoleName = (service: string, pipelineRegion: string): string =>
  `${service}-${pipelineRegion}-rollout-handler`;

/** The role in a production environment that the gate assumes: it reads metrics and alarms. */
export const environmentGateRoleName = (service: string, region: string): string =>
  `${environmentPrefix(service, 'PRODUCTION')}-${region}-gate`;

/** The role of the gate in the pipeline's account. */
export const gateHandlerRoleName = (service: string, pipelineRegion: string): string =>
  `${service}-${pipelineRegion}-gate-handler`;

/** Namespace of the metrics of all gates. */
export const GATE_METRICS = 'DeploymentPipeline';

export const alarmName = (service: string, phase: Phase, key: string, kind: 'canary-errors' | 'wave-errors'): string =>
  `${deploymentGroupName(service, phase, key)}-${kind}`;

const percent = (percentage: number): string => String(percentage).padStart(2, '0');

/** Named by value, so that a changed share is a new configuration rather than a changed one. */
export const canaryConfigName = (percentage: number, owner?: string): string =>
  `${owner ? `${owner}-` : ''}canary-${percent(percentage)}pct-${CANARY_INTERVAL_MINUTES}m`;

export const linearConfigName = (percentage: number, intervalMinutes: number, owner?: string): string =>
  `${owner ? `${owner}-` : ''}linear-${percent(percentage)}pct-${intervalMinutes}m`;

/**
 * Names that both sides of an account boundary derive on their own. All are known at synth. The longest is a role's
 * name (64 characters), which is why a service's name has at most 30.
 */
import type { Phase } from './rollout-plan';

/**
 * Minutes after which CodeDeploy's timer would promote a canary. CodeDeploy allows 2,880. Nobody has seen whether it
 * accepts exactly that, so ten minutes are left. A rollout ends its canary before, and the never-promote hook fails a
 * canary that nobody ended.
 */
export const CANARY_INTERVAL_MINUTES = 2_870;

/** Names of the rollouts that are not waves. */
export const STAGING_ROLLOUT = 'staging';
export const CANARY_ROLLOUT = 'canary';

/** Name of staging's environment. Production's environments have the names of their regions. */
export const STAGING_ENVIRONMENT = 'staging';

const phaseText = (phase: Phase): string => phase.toLowerCase();

/** Formats the stack's name, such as `orders-production`: the prefix of everything that an environment owns. */
export const environmentPrefix = (service: string, phase: Phase): string => `${service}-${phaseText(phase)}`;

/** Formats the name of a target's CodeDeploy application and of its only deployment group. */
export const deploymentGroupName = (service: string, phase: Phase, key: string): string =>
  `${environmentPrefix(service, phase)}-${key}`;

/** Formats the name of the SSM parameter in which an environment reports what it published of one target. */
export const parameterName = (service: string, phase: Phase, key: string): string =>
  `/deployment-pipeline/${service}/${phaseText(phase)}/${key}`;

/**
 * Formats the name of the SSM parameter with the stable revision of one production target, in its own region and
 * account. A release returns the target to this revision. Every release writes a version of it before it shifts
 * traffic.
 */
export const stableParameterName = (service: string, key: string): string =>
  `${parameterName(service, 'PRODUCTION', key)}/stable`;

/**
 * Formats the name of the SSM parameter in which every production environment lists all of them. No phase is called
 * topology.
 */
export const topologyParameterName = (service: string): string => `/deployment-pipeline/${service}/topology`;

/** Formats the name of the SSM parameter in which the pipeline says where its ledger is. */
export const pipelineParameterName = (service: string): string => `/deployment-pipeline/${service}/pipeline`;

/**
 * SSM parameter that stops the releases of all services of the pipeline's account and region. Services have their
 * parameters one level below, so a service called `freeze` has no parameter of this name.
 */
export const ORGANIZATION_FREEZE_PARAMETER = '/deployment-pipeline/freeze';

/**
 * Formats the name of an SSM parameter that gates read in the pipeline's account and region. No phase has such a name.
 */
export const freezeParameterName = (service: string): string => `/deployment-pipeline/${service}/freeze`;

/** Formats the name of the parameter in which a service's load test reports. */
export const loadTestParameterName = (service: string): string => `/deployment-pipeline/${service}/load-test`;

/** Formats the prefix of the parameters with the evidence of a service's readiness. The criterion's name follows. */
export const readinessParameterPrefix = (service: string): string => `/deployment-pipeline/${service}/readiness/`;

export const breakGlassParameterName = (service: string): string => `/deployment-pipeline/${service}/break-glass`;

export const neverPromoteHookName = (service: string, phase: Phase): string =>
  `${environmentPrefix(service, phase)}-never-promote`;

/** Formats the name of the role in an environment that the rollout handlers assume. IAM is global, hence the region. */
export const environmentRoleName = (service: string, phase: Phase, region: string): string =>
  `${environmentPrefix(service, phase)}-${region}-rollout`;

/** Formats the ARN of a role. */
export const roleArn = (partition: string, account: string, name: string): string =>
  `arn:${partition}:iam::${account}:role/${name}`;

/** Formats the name of the rollout handlers' role in the pipeline's account. */
export const handlerRoleName = (service: string, pipelineRegion: string): string =>
  `${service}-${pipelineRegion}-rollout-handler`;

/** Formats the name of the role in a production environment that the gate assumes: it reads metrics and alarms. */
export const environmentGateRoleName = (service: string, region: string): string =>
  `${environmentPrefix(service, 'PRODUCTION')}-${region}-gate`;

/** Formats the name of the gate's role in the pipeline's account. */
export const gateHandlerRoleName = (service: string, pipelineRegion: string): string =>
  `${service}-${pipelineRegion}-gate-handler`;

/** Namespace of the metrics of all gates. */
export const GATE_METRICS = 'DeploymentPipeline';

export const alarmName = (service: string, phase: Phase, key: string, kind: 'canary-errors' | 'wave-errors'): string =>
  `${deploymentGroupName(service, phase, key)}-${kind}`;

const percent = (percentage: number): string => String(percentage).padStart(2, '0');

/** Formats a name from values: a changed share gets a new configuration, and never changes an existing one. */
export const canaryConfigName = (percentage: number, owner?: string): string =>
  `${owner ? `${owner}-` : ''}canary-${percent(percentage)}pct-${CANARY_INTERVAL_MINUTES}m`;

export const linearConfigName = (percentage: number, intervalMinutes: number, owner?: string): string =>
  `${owner ? `${owner}-` : ''}linear-${percent(percentage)}pct-${intervalMinutes}m`;

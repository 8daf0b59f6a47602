import type { AppSpec } from './app-spec';
import type { Fields, Place } from './call';
import type { ShiftStep } from './deployment-config';

export type DeploymentStatus = 'Created' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';

export type RollbackEvent = 'DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST';

/** Alarms that stop a deployment, or the deployments of a group. */
export interface AlarmConfiguration {
  readonly enabled: boolean;
  readonly ignorePollAlarmFailure: boolean;
  readonly alarms: readonly string[];
}

/** Events on which a deployment is rolled back. */
export interface AutoRollback {
  readonly enabled: boolean;
  readonly events: readonly RollbackEvent[];
}

/** A deployment group of the Lambda platform. */
export interface DeploymentGroup {
  readonly place: Place;
  readonly application: string;
  readonly name: string;
  readonly config: string;
  readonly alarms: AlarmConfiguration;
  readonly autoRollback: AutoRollback;
  /** The running deployment. */
  active?: Deployment;
  lastAttempted?: Deployment;
  lastSuccessful?: Deployment;
}

/** A deployment: its request and its progress. */
export interface Deployment {
  readonly id: string;
  readonly group: DeploymentGroup;
  readonly config: string;
  readonly steps: readonly ShiftStep[];
  readonly revision: AppSpec;
  readonly description: string;
  readonly creator: 'user' | 'codeDeployRollback';
  readonly alarms: AlarmConfiguration;
  readonly overridesAlarms: boolean;
  readonly autoRollback: AutoRollback;
  /** Virtual times, in milliseconds. */
  readonly createdAt: number;
  status: DeploymentStatus;
  startedAt?: number;
  completedAt?: number;
  error?: { readonly code: string; readonly message: string };
  rollback?: {
    readonly rollbackDeploymentId?: string;
    readonly rollbackTriggeringDeploymentId?: string;
    readonly rollbackMessage: string;
  };
  /** Hooks that wait for a report of their function. */
  readonly hooks: Map<string, (status: 'Succeeded' | 'Failed') => void>;
  /** Functions that cancel the timers of this deployment. */
  readonly cancel: (() => void)[];
}

export const isOver = (deployment: Deployment): boolean =>
  deployment.status !== 'Created' && deployment.status !== 'InProgress';

/** Describes a deployment as GetDeployment does. */
export function deploymentInfo(deployment: Deployment): Fields {
  const { group, revision, error, rollback } = deployment;
  return {
    deploymentId: deployment.id,
    applicationName: group.application,
    deploymentGroupName: group.name,
    deploymentConfigName: deployment.config,
    revision: {
      revisionType: 'AppSpecContent',
      appSpecContent: { content: revision.content, sha256: revision.sha256 },
    },
    status: deployment.status,
    ...(error ? { errorInformation: error } : {}),
    createTime: deployment.createdAt / 1000,
    ...(deployment.startedAt ? { startTime: deployment.startedAt / 1000 } : {}),
    ...(deployment.completedAt ? { completeTime: deployment.completedAt / 1000 } : {}),
    description: deployment.description,
    creator: deployment.creator,
    autoRollbackConfiguration: deployment.autoRollback,
    ...(rollback ? { rollbackInfo: rollback } : {}),
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    computePlatform: 'Lambda',
    ...(deployment.overridesAlarms ? { overrideAlarmConfiguration: alarmFields(deployment.alarms) } : {}),
  };
}

/** Describes a group as GetDeploymentGroup does. */
export function groupInfo(group: DeploymentGroup): Fields {
  return {
    applicationName: group.application,
    deploymentGroupId: '00000000-0000-4000-a000-000000000000',
    deploymentGroupName: group.name,
    deploymentConfigName: group.config,
    serviceRoleArn: `arn:aws:iam::${group.place.account}:role/codedeploy`,
    alarmConfiguration: alarmFields(group.alarms),
    autoRollbackConfiguration: group.autoRollback,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    ...(group.lastSuccessful ? { lastSuccessfulDeployment: lastInfo(group.lastSuccessful) } : {}),
    ...(group.lastAttempted ? { lastAttemptedDeployment: lastInfo(group.lastAttempted) } : {}),
    computePlatform: 'Lambda',
  };
}

const lastInfo = (deployment: Deployment): Fields => ({
  deploymentId: deployment.id,
  status: deployment.status,
  createTime: deployment.createdAt / 1000,
  ...(deployment.completedAt ? { endTime: deployment.completedAt / 1000 } : {}),
});

const alarmFields = (alarms: AlarmConfiguration): Fields => ({
  enabled: alarms.enabled,
  ignorePollAlarmFailure: alarms.ignorePollAlarmFailure,
  alarms: alarms.alarms.map((name) => ({ name })),
});

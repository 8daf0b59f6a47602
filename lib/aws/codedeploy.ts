import {
  BatchGetDeploymentsCommand,
  CodeDeployClient,
  CreateDeploymentCommand,
  type DeploymentInfo,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { isNamed } from '../core/error-text';
import { ONE_ATTEMPT } from './client-config';
import { type Environment, perEnvironment } from './environment-clients';
import type { DeploymentFacts } from './facts';

/** Maximum ids in one call of BatchGetDeployments. */
const BATCH = 25;

/** Maximum pages of about 100 deployments. A group has a handful a release: with more pages something is wrong. */
const MAX_PAGES = 20;

const client = perEnvironment((config) => new CodeDeployClient(config));
const clientOfOneAttempt = perEnvironment((config) => new CodeDeployClient({ ...config, ...ONE_ATTEMPT }));

/** A deployment group. */
export interface Group {
  readonly application: string;
  readonly deploymentGroup: string;
}

/** A deployment to create. */
export interface NewDeployment extends Group {
  readonly deploymentConfig: string;
  readonly description: string;
  readonly appSpec: string;
  /**
   * True if CodeDeploy returns traffic when the deployment fails or is stopped. False for a deployment that is itself a
   * return.
   */
  readonly returnsOnFailure: boolean;
  /** Alarms that stop it, instead of the group's own. Empty: no alarm stops it. */
  readonly alarms: readonly string[];
}

/** Reads deployments by id. Those that CodeDeploy does not return are missing in the answer. */
export async function readDeployments(
  environment: Environment,
  ids: readonly string[],
): Promise<readonly DeploymentFacts[]> {
  const found: DeploymentFacts[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const deploymentIds = ids.slice(start, start + BATCH);
    const { deploymentsInfo } = await client(environment).send(new BatchGetDeploymentsCommand({ deploymentIds }));
    found.push(...(deploymentsInfo ?? []).flatMap(deploymentFacts));
  }
  return found;
}

/** Lists the deployments of a group that were created since then, the latest first. */
export async function recentDeployments(
  environment: Environment,
  { application, deploymentGroup }: Group,
  since: Date,
): Promise<readonly DeploymentFacts[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page === 0 || (nextToken && page < MAX_PAGES); page++) {
    const answer = await client(environment).send(
      new ListDeploymentsCommand({
        applicationName: application,
        deploymentGroupName: deploymentGroup,
        createTimeRange: { start: since },
        nextToken,
      }),
    );
    ids.push(...(answer.deployments ?? []));
    nextToken = answer.nextToken;
  }
  const deployments = await readDeployments(environment, ids);
  return deployments.toSorted((a, b) => Date.parse(b.createdAt ?? '') - Date.parse(a.createdAt ?? ''));
}

/**
 * Reads the deployment to which CodeDeploy's own rollback returns: the group's last successful one. A new group has
 * none.
 */
export async function lastSuccessful(
  environment: Environment,
  { application, deploymentGroup }: Group,
): Promise<DeploymentFacts | undefined> {
  const { deploymentGroupInfo } = await client(environment).send(
    new GetDeploymentGroupCommand({ applicationName: application, deploymentGroupName: deploymentGroup }),
  );
  const id = deploymentGroupInfo?.lastSuccessfulDeployment?.deploymentId;
  return id ? (await readDeployments(environment, [id]))[0] : undefined;
}

/**
 * Creates a deployment and returns its id; undefined when another one of its group is running.
 *
 * Sent once only. After a lost answer the deployment may exist all the same: search for its mark before a retry.
 */
export async function createDeployment(environment: Environment, wanted: NewDeployment): Promise<string | undefined> {
  const { returnsOnFailure, alarms } = wanted;
  try {
    const { deploymentId } = await clientOfOneAttempt(environment).send(
      new CreateDeploymentCommand({
        applicationName: wanted.application,
        deploymentGroupName: wanted.deploymentGroup,
        deploymentConfigName: wanted.deploymentConfig,
        description: wanted.description,
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: wanted.appSpec } },
        autoRollbackConfiguration: returnsOnFailure
          ? {
              enabled: true,
              events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
            }
          : { enabled: false, events: [] },
        overrideAlarmConfiguration: {
          enabled: alarms.length > 0,
          // The watch reads the alarms with patience. One throttled read of CodeDeploy must not end a canary of a day.
          ignorePollAlarmFailure: true,
          alarms: alarms.map((name) => ({ name })),
        },
      }),
    );
    if (!deploymentId) throw new Error(`CodeDeploy gave no id for a deployment of ${wanted.deploymentGroup}`);
    return deploymentId;
  } catch (error) {
    if (isNamed(error, 'DeploymentLimitExceededException')) return undefined;
    throw error;
  }
}

/**
 * Stops a deployment and lets CodeDeploy return its traffic. Too late to stop is no error: the next read shows its
 * result.
 */
export async function stopDeployment(environment: Environment, deploymentId: string): Promise<void> {
  try {
    await client(environment).send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
  } catch (error) {
    if (!isNamed(error, 'DeploymentAlreadyCompletedException')) throw error;
  }
}

function deploymentFacts(info: DeploymentInfo): DeploymentFacts[] {
  if (!info.deploymentId || !info.status) return [];
  const { revision, rollbackInfo } = info;
  return [
    {
      id: info.deploymentId,
      status: info.status,
      description: info.description,
      createdAt: info.createTime?.toISOString(),
      completedAt: info.completeTime?.toISOString(),
      errorCode: info.errorInformation?.code,
      errorMessage: info.errorInformation?.message,
      rollbackDeploymentId: rollbackInfo?.rollbackDeploymentId,
      returns: rollbackInfo?.rollbackTriggeringDeploymentId,
      appSpec: { content: revision?.appSpecContent?.content ?? revision?.string?.content },
    },
  ];
}

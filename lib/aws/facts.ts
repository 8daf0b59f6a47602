/** The AppSpec of a deployment. Whether CodeDeploy tells its content, or its digest alone, is not documented. */
export interface AppSpecFacts {
  readonly content?: string;
}

/** What CodeDeploy tells of a deployment. Moments are ISO 8601. */
export interface DeploymentFacts {
  readonly id: string;
  readonly status: string;
  readonly description?: string;
  readonly createdAt?: string;
  readonly completedAt?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The deployment that returns this one. */
  readonly rollbackDeploymentId?: string;
  /** The deployment that this one returns. */
  readonly returns?: string;
  readonly appSpec: AppSpecFacts;
}

/** What CloudWatch tells of an alarm. Moments are ISO 8601. */
export interface AlarmFacts {
  readonly name: string;
  readonly state: string;
  readonly stateReason: string;
  readonly stateUpdatedAt?: string;
  readonly configuredAt?: string;
}

/** Statuses of a deployment that is over. Every other one, also one we do not know, occupies the group. */
const OVER: readonly string[] = ['Succeeded', 'Failed', 'Stopped'];

export const isOver = ({ status }: DeploymentFacts): boolean => OVER.includes(status);

/** An alarm, a hook or a person ended it: that is an answer, and not to be asked for again. */
const MEANT: readonly string[] = ['ALARM_ACTIVE', 'HOOK_EXECUTION_FAILURE', 'MANUAL_STOP'];

/** Whether CodeDeploy ended it for a reason of its own: throttled, an internal error, and so on. */
export const isLost = (deployment: DeploymentFacts): boolean =>
  isOver(deployment) &&
  deployment.status !== 'Succeeded' &&
  deployment.errorCode !== undefined &&
  !MEANT.includes(deployment.errorCode);

/** For a message: the code and the words of CodeDeploy. */
export function errorOf({ status, errorCode, errorMessage }: DeploymentFacts): string {
  const words = [errorCode, errorMessage].filter(Boolean).join(': ');
  return words ? `${status}, ${words}` : status;
}

/** AppSpec of a deployment. AWS does not document whether CodeDeploy returns its content, or its digest alone. */
export interface AppSpecFacts {
  readonly content?: string;
}

/** Facts about a deployment, from CodeDeploy. Moments are ISO 8601. */
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

/** Facts about an alarm, from CloudWatch. Moments are ISO 8601. */
export interface AlarmFacts {
  readonly name: string;
  readonly state: string;
  readonly stateReason: string;
  readonly stateUpdatedAt?: string;
  readonly configuredAt?: string;
}

/** Facts about a stage of a pipeline, from CodePipeline. A fact that it does not return is undefined. */
export interface StageStateFacts {
  readonly stage?: string;
  /** True if the transition into the stage is enabled. */
  readonly enabled?: boolean;
  /** Reason why it is disabled, in the words of whoever disabled it. */
  readonly reason?: string;
  /** Execution that waits before the stage. */
  readonly waiting?: string;
  /** Last execution in the stage, and its status there. */
  readonly latest?: { readonly executionId: string; readonly status: string };
  /** Actions, each with the status of its last run and the time of that status, in ISO 8601. */
  readonly actions: readonly { readonly action?: string; readonly status?: string; readonly changedAt?: string }[];
}

/** Parameter of Systems Manager. */
export interface StoredParameter {
  readonly value: string;
  /** Grows by one with every writing; begins at 1 again when the parameter is deleted and recreated. */
  readonly version: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** ARN of the writer of this version, where it was read. */
  readonly modifiedBy?: string;
}

/** Answer of a Lambda function. */
export interface FunctionAnswer {
  /** Text that the function returned. */
  readonly payload: string | undefined;
  /** Lambda's word for how the function failed. */
  readonly functionError?: string;
}

/** Statuses of a deployment that is over. Every other status, also an unknown one, occupies the group. */
const OVER: readonly string[] = ['Succeeded', 'Failed', 'Stopped'];

export const isOver = ({ status }: DeploymentFacts): boolean => OVER.includes(status);

/** Error codes of a deployment that an alarm, a hook or a person ended. It is not started again. */
const INTENDED: readonly string[] = ['ALARM_ACTIVE', 'HOOK_EXECUTION_FAILURE', 'MANUAL_STOP'];

/** Returns true if CodeDeploy ended it for a reason of its own: throttled, an internal error, and so on. */
export const isLost = (deployment: DeploymentFacts): boolean =>
  isOver(deployment) &&
  deployment.status !== 'Succeeded' &&
  deployment.errorCode !== undefined &&
  !INTENDED.includes(deployment.errorCode);

/** Formats the status, the code and the words of CodeDeploy for a message. */
export function errorOf({ status, errorCode, errorMessage }: DeploymentFacts): string {
  const words = [errorCode, errorMessage].filter(Boolean).join(': ');
  return words ? `${status}, ${words}` : status;
}

import type { AppSpecFacts } from './app-spec';

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

/** Where an alias sends its traffic. */
export interface AliasFacts {
  readonly version: string;
  /** By version: its share, 0 to 1, taken from `version`. Empty when one version serves all. */
  readonly weights: { readonly [version: string]: number };
  /** Changes with every change of the alias. */
  readonly revisionId?: string;
}

/** What CloudWatch tells of an alarm. Moments are ISO 8601. */
export interface AlarmFacts {
  readonly name: string;
  readonly state: string;
  readonly stateReason: string;
  readonly stateUpdatedAt?: string;
  readonly configuredAt?: string;
}

/** What Lambda tells of a published version, as far as a weighted alias needs two versions to agree on it. */
export interface VersionFacts {
  readonly role: string;
  readonly deadLetterQueue?: string;
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

/** Whether the alias sends everything to this version. */
export const servesAlone = (alias: AliasFacts | undefined, version: string): boolean =>
  alias !== undefined && alias.version === version && Object.values(alias.weights).every((weight) => weight === 0);

/** For a message: `version 3`, or `version 3 (92 %) and version 4 (8 %)`. */
export function traffic(alias: AliasFacts): string {
  const weights = Object.entries(alias.weights).filter(([, weight]) => weight > 0);
  if (weights.length === 0) return `version ${alias.version}`;
  const rest = 1 - weights.reduce((sum, [, weight]) => sum + weight, 0);
  return [[alias.version, rest] as const, ...weights]
    .map(([version, weight]) => `version ${version} (${Math.round(weight * 1000) / 10} %)`)
    .join(' and ');
}

/** For a message: the code and the words of CodeDeploy. */
export function errorOf({ status, errorCode, errorMessage }: DeploymentFacts): string {
  const words = [errorCode, errorMessage].filter(Boolean).join(': ');
  return words ? `${status}, ${words}` : status;
}

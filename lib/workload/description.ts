import { fitText, shortCommit } from '../core/fit';
import type { RolloutKind } from '../plan/rollout-plan';

/** Characters of a description. CodeDeploy refuses more. */
const MAX_DESCRIPTION = 256;

/** Purpose of a deployment of ours. */
export type Purpose =
  /** Shifts traffic to the candidate. */
  | 'shift'
  /** Stable to stable, so that CodeDeploy's own rollback returns to stable. */
  | 'anchor'
  /** Returns to stable. */
  | 'rollback';

const PURPOSES: readonly Purpose[] = ['shift', 'anchor', 'rollback'];

/**
 * Mark of our deployments, in brackets at the end of the description. A handler that is tried again after a lost answer
 * finds by it the deployments that it has already created.
 */
export interface Mark {
  readonly executionId: string;
  readonly rollout: string;
  /** 1 for the first. A rollout that is tried again after a rollback must not find its old deployments. */
  readonly attempt: number;
  readonly purpose: Purpose;
}

/** Formats a description of at most 256 characters; the mark is always whole. */
export function describeDeployment(mark: Mark, kind: RolloutKind, commit: string): string {
  return fitText(what(mark, kind, shortCommit(commit)), MAX_DESCRIPTION, { tail: ` [${markText(mark)}]`, mark: '...' });
}

/** Parses the mark in a deployment's description; undefined when the deployment is not ours. */
export function markOf(description: string | undefined): Mark | undefined {
  const match = /\[([^[\]/]+)\/([^[\]/#]+)(?:#(\d+))?(?:\/([a-z ]+))?\]$/.exec(description ?? '');
  const purpose = PURPOSES.find((each) => each === (match?.[4] ?? 'shift'));
  return match && purpose
    ? { executionId: match[1], rollout: match[2], attempt: Number(match[3] ?? 1), purpose }
    : undefined;
}

export function sameMark(a: Mark | undefined, b: Mark): boolean {
  return a !== undefined && markText(a) === markText(b);
}

function markText({ executionId, rollout, attempt, purpose }: Mark): string {
  const number = attempt > 1 ? `#${attempt}` : '';
  return `${executionId}/${rollout}${number}${purpose === 'shift' ? '' : `/${purpose}`}`;
}

function what({ rollout, purpose }: Mark, kind: RolloutKind, commit: string): string {
  if (purpose === 'rollback') return `rollback of ${commit}`;
  if (purpose === 'anchor') return `anchor before ${rollout} of ${commit}`;
  switch (kind) {
    case 'CANARY':
      return `canary of ${commit}: returns by design`;
    case 'STAGING':
      return `staging of ${commit}`;
    case 'WAVE':
      return `wave ${rollout} of ${commit}`;
  }
}

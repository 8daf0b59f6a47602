import type { LedgerRequest } from './job';
import type { JobAnswer } from './job-answer';

/** Notice to the team about the answer to an action of the pipeline. */
export interface LedgerNotice {
  readonly kind: 'STARTED' | 'COMPLETED' | 'BLOCKED';
  readonly executionId: string;
  readonly commit: string;
  readonly why: string;
}

/** Returns the notice of an answer; undefined while CodePipeline is to call again. */
export function decideNotice(
  { operation, executionId, commit }: LedgerRequest,
  { is, reason: why }: JobAnswer,
): LedgerNotice | undefined {
  const about = { executionId, commit, why };
  switch (is) {
    case 'AGAIN':
      return undefined;
    case 'FAILED':
      return { kind: 'BLOCKED', ...about };
    case 'DONE':
      return { kind: operation === 'acquire' ? 'STARTED' : 'COMPLETED', ...about };
  }
}

/** Returns true if a notice is sent once for a release, however often its stage is retried. */
export const isSentOnce = ({ kind }: LedgerNotice): boolean => kind === 'STARTED';

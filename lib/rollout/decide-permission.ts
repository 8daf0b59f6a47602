import { checkHolder, type LedgerFacts } from '../ledger/check-holder';
import type { Release } from '../ledger/items';
import type { RolloutTask } from './parse-state';

/** Release that may run a rollout. */
export interface Permitted {
  readonly release: Release;
  /** Token with which it holds production; undefined in staging. */
  readonly token: number | undefined;
  /** Moment at which it acquired production; undefined in staging. */
  readonly acquiredAt: string | undefined;
}

/** Decides whether the release may run this rollout now. */
export function decidePermission(
  { executionId, thisRollout, rollout, plan }: RolloutTask,
  facts: LedgerFacts,
): Permitted | { readonly reason: string } {
  const { release } = facts;
  if (!release) return { reason: `release ${executionId} is not in the ledger: its candidate was never collected` };
  const may = thisRollout.kind === 'STAGING' ? undefined : checkHolder(executionId, facts);
  if (may && !may.holds) return { reason: may.reason };
  if (release.ended) return { reason: `release ${executionId} has ended: ${release.ended}` };
  if (release.rollingBackSince) return { reason: `release ${executionId} is being rolled back` };
  const before = thisRollout.after.filter((name) => release.rollouts[name]?.state !== 'PASSED');
  if (before.length > 0) {
    return {
      reason: `${rollout} may run only after ${before.join(', ')}, which has not passed for release ${executionId}`,
    };
  }
  const unpublished = Object.keys(thisRollout.environments).flatMap((name) =>
    Object.keys(plan.environments[name].targets)
      .filter((key) => !release.candidates[name]?.[key])
      .map((key) => `${name}/${key}`),
  );
  return unpublished.length > 0
    ? { reason: `the ledger has no candidate for ${unpublished.join(', ')}: publish there, then collect again` }
    : { release, token: may?.token, acquiredAt: facts.holder?.acquiredAt };
}

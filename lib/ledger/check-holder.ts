import type { Holder, Release } from './items';

/** Answer to whether a release may move production's traffic. */
export type HolderCheck =
  | { readonly holds: true; readonly token: number }
  | { readonly holds: false; readonly reason: string };

/** Items of the ledger about a release. */
export interface LedgerFacts {
  readonly holder: Holder | undefined;
  readonly release: Release | undefined;
}

/** Checks that the release holds production and has not ended. No other release may move traffic there. */
export function checkHolder(executionId: string, { holder, release }: LedgerFacts): HolderCheck {
  if (!holder) return no(`release ${executionId} has not acquired production: no release has`);
  if (holder.executionId !== executionId) {
    const since = holder.state === 'HELD' ? 'is held by' : 'was last held by';
    return no(
      `release ${executionId} does not hold production: it ${since} release ${holder.executionId} (commit ${holder.commit}) since ${holder.acquiredAt}`,
    );
  }
  const ended = release?.ended ?? (holder.state === 'FREE' ? (holder.ended ?? 'FREE') : undefined);
  if (ended) {
    const reason = release?.reason ?? holder.reason;
    return no(`release ${executionId} does not hold production any more: ${ended}${reason ? `, ${reason}` : ''}`);
  }
  if (release?.token !== holder.token) {
    return no(
      `release ${executionId} acquired production with token ${release?.token ?? '(none)'}, but the ledger's is ${holder.token}: retry the action that acquires production`,
    );
  }
  return { holds: true, token: holder.token };
}

const no = (reason: string): HolderCheck => ({ holds: false, reason });

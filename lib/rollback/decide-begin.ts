import { checkHolder } from '../ledger/check-holder';
import type { Holder, Release, Stable } from '../ledger/items';
import { whyNotReturned } from '../ledger/returned';
import { hasShifted } from '../ledger/started';

/** Who wants a release back. */
export type Beginner =
  /** The machine of a rollout that turned bad: the only one of its release that runs. */
  | 'ROLLOUT'
  /** An event or a deadline of the safety net. */
  | 'SAFETY_NET'
  /** A person, through the machine or the command line. */
  | 'PERSON';

/** What is known when a rollback is to begin. */
export interface BeginFacts {
  readonly by: Beginner;
  /** The release that is wanted back; undefined when no release has ever acquired production. */
  readonly executionId: string | undefined;
  readonly release: Release | undefined;
  readonly holder: Holder | undefined;
  /** Whether its failed stage may be retried, since no traffic is on its candidate. */
  readonly isRetriable: boolean;
  /** The release that rolls this one back, if there is one. */
  readonly opened?: Release;
  /** The last release that completed. Read only of a completed release. */
  readonly stable?: Stable;
}

export type BeginDecision =
  /** Nothing may, or needs to, be done. */
  | { readonly do: 'NOTHING'; readonly reason: string }
  /** The release has ended. `later`: the one that has acquired production since. */
  | { readonly do: 'ENDED'; readonly release: Release; readonly later: string | undefined }
  /** Nothing of it has shifted: it ends, and production is free. */
  | { readonly do: 'ABANDON'; readonly release: Release }
  /** It has completed. `begun`: a release that rolls it back holds production already. */
  | { readonly do: 'OPEN_RETURN'; readonly completed: Release; readonly begun: boolean }
  /** Its rollback has not begun: the ledger is told first, then the execution that runs it is stopped. */
  | { readonly do: 'MARK'; readonly release: Release; readonly machine: string | undefined }
  /** Its rollback has begun: whoever began it has stopped what ran. */
  | { readonly do: 'RETURN'; readonly release: Release };

/** What the rollback of a release begins with. */
export function decideBegin(facts: BeginFacts): BeginDecision {
  const { by, executionId, release, holder } = facts;
  if (executionId === undefined) return nothing('no release has ever acquired production');
  if (!release) return nothing(`nothing of release ${executionId} is in the ledger`);
  if (release.ended === 'COMPLETED' && by === 'PERSON') return decideOpenReturn(release, facts);
  // The machine of a rollout must not end well for a release that has not been rolled back.
  if (release.ended && (by !== 'ROLLOUT' || release.ended === 'ROLLED_BACK')) return ended(release, holder);
  const may = checkHolder(release.executionId, { holder, release });
  if (!may.holds) return nothing(`no rollback, since ${may.reason}`);
  // A publish that failed, or a stage that was refused.
  if (by === 'SAFETY_NET' && facts.isRetriable) {
    return nothing(`no traffic is on the candidate of release ${executionId}, its stage may be retried`);
  }
  if (!hasShifted(release)) {
    return by === 'ROLLOUT'
      ? nothing('nothing has shifted, so there is nothing to roll back')
      : { do: 'ABANDON', release };
  }
  // Whoever has begun it has stopped what ran, or is what runs: a return that is under way is not cut off.
  if (release.rollingBackSince) return { do: 'RETURN', release };
  return { do: 'MARK', release, machine: by === 'ROLLOUT' ? undefined : release.machine };
}

function decideOpenReturn(completed: Release, { holder, opened, stable }: BeginFacts): BeginDecision {
  if (opened?.ended) return ended(opened, holder);
  const begun = opened?.token !== undefined;
  const reason = begun ? undefined : whyNotReturned({ completed, holder, stable });
  return reason === undefined ? { do: 'OPEN_RETURN', completed, begun } : nothing(reason);
}

const ended = (release: Release, holder: Holder | undefined): BeginDecision => ({
  do: 'ENDED',
  release,
  later: holder?.executionId === release.executionId ? undefined : holder?.executionId,
});

const nothing = (reason: string): BeginDecision => ({ do: 'NOTHING', reason });

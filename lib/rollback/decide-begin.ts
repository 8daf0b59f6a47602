import { checkHolder } from '../ledger/check-holder';
import type { Holder, Release, Stable } from '../ledger/items';
import { hasShifted } from '../ledger/started';
import { whyNotReturned } from './decide-open-return';

/** Beginner of a rollback. */
export type Beginner =
  /** Machine of a rollout that turned bad: the only one of its release that runs. */
  | 'ROLLOUT'
  /** Event or deadline of the safety net. */
  | 'SAFETY_NET'
  /** Person, through the machine or the command line. */
  | 'PERSON';

/** Facts by which a rollback begins. */
export interface BeginFacts {
  readonly by: Beginner;
  /** Release to roll back; undefined when no release has ever acquired production. */
  readonly executionId: string | undefined;
  readonly release: Release | undefined;
  readonly holder: Holder | undefined;
  /** Whether its failed stage may be retried, because no traffic is on its candidate. */
  readonly isRetriable: boolean;
  /** Release that rolls this one back, if there is one. */
  readonly opened?: Release;
  /** Last release that completed. Read only for a completed release. */
  readonly stable?: Stable;
}

export type BeginDecision =
  /** Nothing may, or needs to, be done. */
  | { readonly do: 'NOTHING'; readonly reason: string }
  /** The release has ended. `later`: the release that has acquired production since. */
  | { readonly do: 'ENDED'; readonly release: Release; readonly later: string | undefined }
  /** Nothing of it has shifted: it ends, and production is free. */
  | { readonly do: 'ABANDON'; readonly release: Release }
  /** It has completed. `begun`: a release that rolls it back holds production already. */
  | { readonly do: 'OPEN_RETURN'; readonly completed: Release; readonly begun: boolean }
  /** Its rollback has not begun: mark it in the ledger first, then stop the execution that runs it. */
  | { readonly do: 'MARK'; readonly release: Release; readonly machine: string | undefined }
  /** Its rollback has begun, and whoever began it has stopped its execution. */
  | { readonly do: 'RETURN'; readonly release: Release };

/** Decides how the rollback of a release begins. */
export function decideBegin(facts: BeginFacts): BeginDecision {
  const { by, executionId, release, holder } = facts;
  if (executionId === undefined) return nothing('no release has ever acquired production');
  if (!release) return nothing(`release ${executionId} is not in the ledger`);
  if (release.ended === 'COMPLETED' && by === 'PERSON') return decideOpenReturn(release, facts);
  // A rollout's machine must not end well for a release that has not been rolled back.
  if (release.ended && (by !== 'ROLLOUT' || release.ended === 'ROLLED_BACK')) return ended(release, holder);
  const may = checkHolder(release.executionId, { holder, release });
  if (!may.holds) return nothing(`no rollback, since ${may.reason}`);
  // After a failed publish, or a refused stage.
  if (by === 'SAFETY_NET' && facts.isRetriable) {
    return nothing(`no traffic is on the candidate of release ${executionId}: its stage may be retried`);
  }
  if (!hasShifted(release)) {
    return by === 'ROLLOUT'
      ? nothing('nothing has shifted, so there is nothing to roll back')
      : { do: 'ABANDON', release };
  }
  // The beginner has stopped the execution, or is the execution itself: no return is cut off.
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

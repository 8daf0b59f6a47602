import { type Revision, sameRevision, showRevision } from '../plan/revision';

/** Part of a target's callers that one revision answers. */
export interface Share {
  readonly revision: Revision;
  /** 0 to 1. */
  readonly share: number;
}

/** Revisions that the callers of a target reach now. */
export interface Serving {
  /** Answers every call that no other revision answers. */
  readonly main: Revision;
  /** Empty, or with shares of 0, when the main revision answers all. */
  readonly others: readonly Share[];
  /** Changes with every change of what is served. Only the target's own kind reads it, to change nothing unseen. */
  readonly token?: string;
}

/** Returns true if callers reach more than one revision. */
export const isSplit = ({ others }: Serving): boolean => others.some(({ share }) => share > 0);

/** Returns true if all callers reach this revision. */
export const servesAlone = (serving: Serving | undefined, revision: Revision): boolean =>
  serving !== undefined && sameRevision(serving.main, revision) && !isSplit(serving);

/** Formats it for a message: `version 3`, or `version 3 (92 %) and version 4 (8 %)`. */
export function showServing(serving: Serving): string {
  const others = serving.others.filter(({ share }) => share > 0);
  if (others.length === 0) return showRevision(serving.main);
  const rest = 1 - others.reduce((sum, { share }) => sum + share, 0);
  return [{ revision: serving.main, share: rest }, ...others]
    .map(({ revision, share }) => `${showRevision(revision)} (${Math.round(share * 1000) / 10} %)`)
    .join(' and ');
}

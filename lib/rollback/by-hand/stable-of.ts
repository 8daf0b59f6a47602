import type { PublishedRevision } from '../../plan/rollout-plan';
import { parseStableRecord, type StableRecord } from '../../plan/stable-record';

/** A release, as far as the regions remember it. */
export type RememberedRelease = Pick<StableRecord, 'executionId' | 'commit' | 'takenAt'>;

/**
 * Reads all versions of a function's parameter. The newest must be readable: what cannot be read there may be of a later
 * release. An older one that cannot be read is no record.
 *
 * @param values the newest last
 * @param at names the parameter
 */
export function parseRecords(values: readonly string[], at: string): readonly StableRecord[] {
  const newest = values.length - 1;
  return values.flatMap((value, index) => {
    try {
      return parseStableRecord(value, at);
    } catch (error) {
      if (index === newest) throw error;
      return [];
    }
  });
}

/**
 * The release that shifted last, wherever it did: that which took production last. Not the newest version of a parameter:
 * SSM has no conditional write, and an older release may have written late.
 */
export function lastRelease(records: readonly StableRecord[]): RememberedRelease | undefined {
  return records.toSorted(byTaking).at(-1);
}

/** A release by its execution; undefined when no region remembers it. */
export const releaseNamed = (records: readonly StableRecord[], executionId: string): RememberedRelease | undefined =>
  records.find((each) => each.executionId === executionId);

/** The revision to which a release returns one function. */
export type StableFound =
  | { readonly revision: PublishedRevision }
  /** The release has not shifted this function. */
  | { readonly untouched: true }
  /** Neither is known. */
  | { readonly unknown: true };

/**
 * The revision to which a release returns a function. Nothing is guessed: without a record the release has not shifted the
 * function only if the function remembers an earlier release, and so would remember this one.
 *
 * @param records those of the function
 */
export function stableOf(records: readonly StableRecord[], { executionId, takenAt }: RememberedRelease): StableFound {
  const found = records.find((each) => each.executionId === executionId);
  if (found) return { revision: found.revision };
  const remembersEarlier = records.some((each) => Date.parse(each.takenAt) < Date.parse(takenAt));
  return remembersEarlier ? { untouched: true } : { unknown: true };
}

const byTaking = (a: RememberedRelease, b: RememberedRelease): number => Date.parse(a.takenAt) - Date.parse(b.takenAt);

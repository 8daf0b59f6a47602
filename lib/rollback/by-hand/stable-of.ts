import type { Published } from '../../plan/revision';
import { parseStableRecord, type StableRecord } from '../../plan/stable-record';
import type { KindOf } from '../../workload/kind';

/** A release, as far as the regions remember it. */
export type RememberedRelease = Pick<StableRecord, 'executionId' | 'commit' | 'acquiredAt'>;

/**
 * Reads all versions of a target's parameter. The newest must be readable: what cannot be read there may be of a later
 * release. An older one that cannot be read is no record.
 *
 * @param values the newest last
 * @param at names the parameter
 */
export function parseRecords(values: readonly string[], at: string, kindOf: KindOf): readonly StableRecord[] {
  const newest = values.length - 1;
  return values.flatMap((value, index) => {
    try {
      const found = parseStableRecord(value, at);
      kindOf(found.revision.kind).check(found, at);
      return found;
    } catch (error) {
      if (index === newest) throw error;
      return [];
    }
  });
}

/**
 * The release that shifted last, wherever it did: that which acquired production last. Not the newest version of a parameter:
 * SSM has no conditional write, and an older release may have written late.
 */
export function lastRelease(records: readonly StableRecord[]): RememberedRelease | undefined {
  return records.toSorted(byTaking).at(-1);
}

/** A release by its execution; undefined when no region remembers it. */
export const releaseNamed = (records: readonly StableRecord[], executionId: string): RememberedRelease | undefined =>
  records.find((each) => each.executionId === executionId);

/** The revision to which a release returns one target. */
export type StableFound =
  | { readonly stable: Published }
  /** The release has not shifted this target. */
  | { readonly untouched: true }
  /** Neither is known. */
  | { readonly unknown: true };

/**
 * The revision to which a release returns a target. Nothing is guessed: without a record the release has not shifted the
 * target only if the target remembers an earlier release, and so would remember this one.
 *
 * @param records those of the target
 */
export function stableOf(
  records: readonly StableRecord[],
  { executionId, acquiredAt }: RememberedRelease,
): StableFound {
  const found = records.find((each) => each.executionId === executionId);
  if (found) return { stable: { revision: found.revision, address: found.address } };
  const remembersEarlier = records.some((each) => Date.parse(each.acquiredAt) < Date.parse(acquiredAt));
  return remembersEarlier ? { untouched: true } : { unknown: true };
}

const byTaking = (a: RememberedRelease, b: RememberedRelease): number =>
  Date.parse(a.acquiredAt) - Date.parse(b.acquiredAt);

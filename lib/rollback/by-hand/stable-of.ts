import type { Published } from '../../plan/revision';
import { parseStableRecord, type StableRecord } from '../../plan/stable-record';
import type { KindOf } from '../../workload/kind';

/** Release, as far as the regions have records of it. */
export type RecordedRelease = Pick<StableRecord, 'executionId' | 'commit' | 'acquiredAt'>;

/**
 * Reads all versions of a target's parameter. The newest must be readable: it may be of a later release. An older one
 * that cannot be read is no record.
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
 * Returns the release that shifted last anywhere: the last one to acquire production. The newest version of a parameter
 * does not decide: SSM has no conditional write, and an older release may have written late.
 */
export function lastRelease(records: readonly StableRecord[]): RecordedRelease | undefined {
  return records.toSorted(byAcquiring).at(-1);
}

/** Returns a release by its execution; undefined if no region has a record of it. */
export const releaseNamed = (records: readonly StableRecord[], executionId: string): RecordedRelease | undefined =>
  records.find((each) => each.executionId === executionId);

/** Revision to which a release returns one target. */
export type StableFound =
  | { readonly stable: Published }
  /** The release has not shifted this target. */
  | { readonly untouched: true }
  /** The records do not say which of the two it is. */
  | { readonly unknown: true };

/**
 * Returns the revision to which a release returns a target. Nothing is guessed. A target without a record of the
 * release is untouched only if it has a record of an earlier release, and so would have one of this release.
 *
 * @param records those of the target
 */
export function stableOf(records: readonly StableRecord[], { executionId, acquiredAt }: RecordedRelease): StableFound {
  const found = records.find((each) => each.executionId === executionId);
  if (found) return { stable: { revision: found.revision, address: found.address } };
  const hasEarlier = records.some((each) => Date.parse(each.acquiredAt) < Date.parse(acquiredAt));
  return hasEarlier ? { untouched: true } : { unknown: true };
}

const byAcquiring = (a: RecordedRelease, b: RecordedRelease): number =>
  Date.parse(a.acquiredAt) - Date.parse(b.acquiredAt);

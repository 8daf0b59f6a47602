import { parseStableRecord, type StableRecord, stableRecordText } from '../plan/stable-record';

export type WriteStableDecision =
  | { readonly do: 'WRITE'; readonly value: string }
  /** The parameter says so already. */
  | { readonly do: 'SKIP' }
  /** Nothing may shift: whatever returns traffic by this parameter would take it elsewhere. */
  | { readonly do: 'BLOCK'; readonly reason: string };

/**
 * Whether a release writes its stable revision into a target's parameter. SSM has no conditional write, so that a release
 * looks first: what a later one has written stays.
 *
 * @param stored the parameter's present value; undefined when there is no parameter
 * @param at names the parameter
 */
export function decideWriteStable(stored: string | undefined, mine: StableRecord, at: string): WriteStableDecision {
  const value = stableRecordText(mine);
  if (stored === value) return { do: 'SKIP' };
  if (stored === undefined) return { do: 'WRITE', value };
  try {
    const { executionId, acquiredAt } = parseStableRecord(stored, at);
    return Date.parse(acquiredAt) > Date.parse(mine.acquiredAt)
      ? {
          do: 'BLOCK',
          reason: `${at} was written by release ${executionId}, which acquired production later, at ${acquiredAt}`,
        }
      : { do: 'WRITE', value };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { do: 'BLOCK', reason: `${words}. Nothing shifts before it can be read: put it right, or delete it` };
  }
}

import { parseStableRecord, type StableRecord, stableRecordText } from '../plan/stable-record';

export type WriteStableDecision =
  | { readonly do: 'WRITE'; readonly value: string }
  /** The parameter has this value already. */
  | { readonly do: 'SKIP' }
  /** Shift nothing: a rollback by this parameter would go to another revision. */
  | { readonly do: 'BLOCK'; readonly reason: string };

/**
 * Decides whether a release writes its stable revision into a target's parameter. SSM has no conditional write, so a
 * release reads first: the record of a later release stays.
 *
 * @param stored present value of the parameter; undefined when there is no parameter
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

import type { Verdict } from './verdict';

/** What one check of a gate found out. */
export interface Finding {
  /** Names the check in messages and metrics: unique in its gate, such as `availability 99.99` or `freeze`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** For people, with the measured number and the limit where there are such. Never empty, also for PASS. */
  readonly reason: string;
  /** Since when it is so: ISO 8601. Undefined where that is not known, or all is well. */
  readonly since?: string;
  /** When it will no longer block, as far as can be known now: ISO 8601. */
  readonly until?: string;
  /** In place of `until`, where it is no matter of time: what has to happen. */
  readonly unblockedBy?: string;
  /** The measured number and its limit, in the unit that the reason names. */
  readonly measured?: number;
  readonly limit?: number;
  /** Of an error budget: how much of it is left, in percent; below 0 when it is overspent. */
  readonly budgetLeft?: number;
  /** Blocks nothing, but the team is told. */
  readonly warning?: string;
}

/** What every check of a gate can be told about the answers that are no answer. */
export interface BlockingRules {
  /** Default: true. */
  readonly inconclusiveBlocks?: boolean;
  /** Default: true. */
  readonly errorBlocks?: boolean;
}

/** Whether a release must wait because of it. */
export function blocks(
  { verdict }: Finding,
  { inconclusiveBlocks = true, errorBlocks = true }: BlockingRules,
): boolean {
  switch (verdict) {
    case 'PASS':
      return false;
    case 'FAIL':
      return true;
    case 'INCONCLUSIVE':
      return inconclusiveBlocks;
    case 'ERROR':
      return errorBlocks;
  }
}

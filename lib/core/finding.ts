import type { Verdict } from './verdict';

/** Result of one check of a gate. */
export interface Finding {
  /** Name of the check in messages and metrics: unique in its gate, such as `availability 99.99` or `freeze`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** Reason for people, with the measured number and its limit where there are any. Never empty, also for PASS. */
  readonly reason: string;
  /** Moment from which on the check has not passed; ISO 8601. Undefined where it is not known, or all is well. */
  readonly since?: string;
  /** Moment at which it stops blocking, as far as it is known now; ISO 8601. */
  readonly until?: string;
  /** Event that ends the block, in place of `until`, where time alone does not end it. */
  readonly unblockedBy?: string;
  /** Measured number and its limit, in the unit that the reason names. */
  readonly measured?: number;
  readonly limit?: number;
  /** Rest of an error budget, in percent; below 0 when it is overspent. */
  readonly budgetLeft?: number;
  /** Warning to the team. It blocks nothing. */
  readonly warning?: string;
}

/** Rules for verdicts without a result. Every check of a gate accepts them. */
export interface BlockingRules {
  /** Whether INCONCLUSIVE blocks. Default: true. */
  readonly inconclusiveBlocks?: boolean;
  /** Whether ERROR blocks. Default: true. */
  readonly errorBlocks?: boolean;
}

/** Returns true if the finding blocks a release. */
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

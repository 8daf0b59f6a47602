import type { GateStage } from './gate-stage';

/** Options that every check of a gate has. */
export interface GateCheckOptions {
  /**
   * Name of the check in messages and metrics: 1–50 letters, digits, spaces and `.` `%` `_` `-`. Unique in its
   * pipeline.
   *
   * @default - the kind of the check, such as `cadence` or `load test`
   */
  readonly name?: string;

  /**
   * Gates that make the check; at least one.
   *
   * @default - both
   */
  readonly stages?: GateStage[];

  /**
   * Whether a release must wait while the check is INCONCLUSIVE: there is too little data for a verdict.
   *
   * @default true
   */
  readonly inconclusiveBlocks?: boolean;

  /**
   * Whether a release must wait while the check is an ERROR: a system does not answer, or a value that was read is
   * wrong.
   *
   * @default true
   */
  readonly errorBlocks?: boolean;
}

import type { GateStage } from './gate-stage';

/** What every check of a gate can be told. */
export interface GateCheckOptions {
  /**
   * Names the check in messages and metrics: 1–50 letters, digits, spaces and `.` `%` `_` `-`. Unique in its pipeline.
   *
   * @default - what it checks, such as `cadence` or `load test`
   */
  readonly name?: string;

  /**
   * The gates that ask it; at least one.
   *
   * @default - both
   */
  readonly stages?: GateStage[];

  /**
   * Whether a release must wait while there is too little data for a verdict.
   *
   * @default true
   */
  readonly inconclusiveBlocks?: boolean;

  /**
   * Whether a release must wait while the check could not be made: what it asks does not answer, or what it reads is wrong.
   *
   * @default true
   */
  readonly errorBlocks?: boolean;
}

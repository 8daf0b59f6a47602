import type { Environment } from 'aws-cdk-lib';

/** A region that serves production traffic. */
export interface ProductionRegion {
  /** Account (12 digits) and region, both known at synth. Each region once. */
  readonly env: Environment;

  /**
   * Share of production's traffic in this region, in any unit: only the proportions count, they need not add to 100.
   * Above 0.
   */
  readonly trafficShare: number;
}

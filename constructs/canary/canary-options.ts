import type { Duration } from 'aws-cdk-lib';
import type { CanaryWeighting } from './canary-weighting';

/** Size, bake time and regional spread of the canary. */
export interface CanaryOptions {
  /**
   * The canary's share of all production traffic, in percent; decimals are allowed. It is within the standard's
   * `canaryPercentageMinimum` and `canaryPercentageMaximum`.
   *
   * @default - the standard's `canaryPercentageDefault`: 8, unless the platform team chose another
   */
  readonly percentage?: number;

  /**
   * Bake time of the canary: one full cycle of the service's traffic, in whole minutes. At least the standard's
   * `trafficCycleMinimum`; at most 6 days, because a pipeline's action waits for seven.
   *
   * A cycle of more than 47 hours runs in consecutive CodeDeploy deployments, whose timer ends at 48. Between two of
   * them traffic returns to stable for some minutes, which do not count as observed.
   *
   * @default - the standard's `trafficCycleDefault`: 24 hours, unless the platform team chose another
   */
  readonly trafficCycle?: Duration;

  /**
   * Spread of the share over the regions.
   *
   * @default CanaryWeighting.proportional()
   */
  readonly weighting?: CanaryWeighting;
}

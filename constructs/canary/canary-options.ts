import type { Duration } from 'aws-cdk-lib';
import type { CanaryWeighting } from './canary-weighting';

/** How much of production's traffic the canary takes, for how long, and from where. */
export interface CanaryOptions {
  /**
   * The canary's share of all production traffic, in percent; decimals are allowed. It must be within the standard's
   * `canaryPercentageMinimum` and `canaryPercentageMaximum`.
   *
   * @default - the standard's `canaryPercentageDefault`: 8, unless the platform team chose another
   */
  readonly percentage?: number;

  /**
   * How long the canary is observed: one full cycle of the service's traffic, in whole minutes. At least the standard's
   * `trafficCycleMinimum`; at most 6 days, because a pipeline's action waits for seven. A cycle of more than 47 hours runs in
   * consecutive CodeDeploy deployments, whose timer ends at 48: in between, traffic returns to stable for some minutes, which
   * do not count as observed.
   *
   * @default - the standard's `trafficCycleDefault`: 24 hours, unless the platform team chose another
   */
  readonly trafficCycle?: Duration;

  /**
   * How the share is spread over the regions.
   *
   * @default CanaryWeighting.proportional()
   */
  readonly weighting?: CanaryWeighting;
}

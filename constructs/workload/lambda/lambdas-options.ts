import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';

/** How the functions of a workload are watched while traffic shifts. */
export interface LambdasOptions {
  /**
   * Error rate of a canary's own requests, in percent, above which the canary is rolled back in all regions: in two of
   * three minutes with at least `minimumInvocations` each.
   *
   * Above 0, below 100: the alarm fires above it.
   *
   * @default 5
   */
  readonly canaryErrorRate?: number;

  /**
   * Error rate of all requests to a function, in percent, above which a wave is rolled back in all regions: in two of
   * three minutes with at least `minimumInvocations` each.
   *
   * Above 0, below 100: the alarm fires above it.
   *
   * @default 2
   */
  readonly waveErrorRate?: number;

  /**
   * Requests that a minute must have had for its error rate to count. A whole number of at least 1.
   *
   * @default 5
   */
  readonly minimumInvocations?: number;

  /**
   * Alarms of the team's own that watch every rollout, too: of the same environment, with a name of their own. CodeDeploy
   * takes ten alarms for a deployment group, of which two are the library's.
   *
   * @default - only those for error rates
   */
  readonly alarms?: IAlarm[];
}

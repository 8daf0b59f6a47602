import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';

/** Limits and alarms for the functions of a workload while traffic shifts. */
export interface LambdasOptions {
  /**
   * Maximum error rate of a canary's own requests, in percent; above 0 and below 100. The canary is rolled back in all
   * regions when two of three minutes, with at least `minimumInvocations` each, are above it.
   *
   * @default 5
   */
  readonly canaryErrorRate?: number;

  /**
   * Maximum error rate of all requests to a function, in percent; above 0 and below 100. A wave is rolled back in all
   * regions when two of three minutes, with at least `minimumInvocations` each, are above it.
   *
   * @default 2
   */
  readonly waveErrorRate?: number;

  /**
   * Minimum number of requests in a minute for its error rate to count. A whole number of at least 1.
   *
   * @default 5
   */
  readonly minimumInvocations?: number;

  /**
   * Alarms of the team's own that watch every rollout, too; at most 8. Each is of the same environment, and has a name
   * that is known at synth. CodeDeploy takes ten alarms for a deployment group, of which two are the library's.
   *
   * @default - only those for error rates
   */
  readonly alarms?: IAlarm[];
}

import type { TargetPlan } from '../../lib/plan/rollout-plan';

/** Names of a workload in one environment that the pipeline uses. All are known at synth. */
export interface WorkloadPlan {
  readonly targets: { readonly [key: string]: TargetPlan };
  /** Names of the alarms that watch a canary, by the target's key. */
  readonly canaryAlarms: { readonly [key: string]: readonly string[] };
  /** Names of the alarms that watch a wave, and staging's shift, by the target's key. */
  readonly waveAlarms: { readonly [key: string]: readonly string[] };
  /** Deployment configuration of canaries. Production only. */
  readonly canaryConfig?: string;
  /** Deployment configuration of waves, and of staging's shift. */
  readonly waveConfig: string;
}

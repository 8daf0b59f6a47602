import type { TargetPlan } from '../../lib/plan/rollout-plan';

/** What the pipeline needs to know of a workload in one environment. All names are known at synth. */
export interface WorkloadPlan {
  readonly targets: { readonly [key: string]: TargetPlan };
  /** By the target's key: names of the alarms that watch a canary. */
  readonly canaryAlarms: { readonly [key: string]: readonly string[] };
  /** By the target's key: names of the alarms that watch a wave, and staging's shift. */
  readonly waveAlarms: { readonly [key: string]: readonly string[] };
  /** Deployment configuration of canaries. Production only. */
  readonly canaryConfig?: string;
  /** Deployment configuration of waves, and of staging's shift. */
  readonly waveConfig: string;
}

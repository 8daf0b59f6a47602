import type { FunctionPlan } from '../../lib/plan/rollout-plan';

/** What the pipeline needs to know of a workload in one environment. All names are known at synth. */
export interface WorkloadPlan {
  readonly functions: { readonly [key: string]: FunctionPlan };
  /** By the function's key: names of the alarms that watch a canary. */
  readonly canaryAlarms: { readonly [key: string]: readonly string[] };
  /** By the function's key: names of the alarms that watch a wave, and staging's shift. */
  readonly waveAlarms: { readonly [key: string]: readonly string[] };
  /** Deployment configuration of canaries. Production only. */
  readonly canaryConfig?: string;
  /** Deployment configuration of waves, unless all at once. Production only. */
  readonly waveConfig?: string;
}

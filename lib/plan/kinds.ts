/** Kinds of workloads that this version rolls out. `lib/workload/kinds` has the implementation of each. */
export const WORKLOAD_KINDS = ['LAMBDA'] as const;

export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

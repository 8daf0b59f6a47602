/** What the values of a metric count. A request that was refused is one that was asked for, and a bad one. */
export type TargetCounts = 'TOTAL' | 'GOOD' | 'BAD' | 'TOTAL_AND_BAD';

/** A metric of CloudWatch, and what its values count. */
export interface TargetMetric {
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: { readonly [name: string]: string };
    readonly stat: string;
  };
  readonly counts: TargetCounts;
}

/** Requests that the values of a metric count. A refused request counts in the total, and as a bad one. */
export type TargetCounts = 'TOTAL' | 'GOOD' | 'BAD' | 'TOTAL_AND_BAD';

/** Metric of CloudWatch, and the requests that its values count. */
export interface TargetMetric {
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: { readonly [name: string]: string };
    readonly stat: string;
  };
  readonly counts: TargetCounts;
}

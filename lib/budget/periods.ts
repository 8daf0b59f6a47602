const DAY_MS = 24 * 3_600_000;

/** How long CloudWatch keeps points of a period (user guide, "Metrics retention"): a start further back needs the coarser one. */
const RETENTION: readonly { readonly days: number; readonly seconds: number }[] = [
  { days: 15, seconds: 60 },
  { days: 63, seconds: 300 },
  { days: 455, seconds: 3_600 },
];

/** What is that old may be gone while it is asked for. */
const MARGIN_MS = 3_600_000;

/** Of one answer of GetMetricData; more than these come in pages. */
export const POINTS_PER_CALL = 100_800;

/** Nothing of CloudWatch is older. */
export const RETENTION_DAYS = 455;

/** The begin of what is asked for, and the seconds of one point. */
export interface Sampling {
  readonly from: number;
  readonly seconds: number;
}

/**
 * The finest period in which CloudWatch still has everything since `from`, and in which all series fit into one answer.
 * Sums and averages are as exact in a coarse period as in a fine one: only where a window begins is seen less sharply.
 *
 * @param series how many are asked for together
 */
export function sampling(from: number, now: number, series: number): Sampling {
  const earliest = Math.max(from, now - RETENTION_DAYS * DAY_MS);
  const kept = RETENTION.filter(({ days }) => now - earliest <= days * DAY_MS - MARGIN_MS);
  const fits = kept.find(({ seconds }) => ((now - earliest) / 1_000 / seconds + 1) * series <= POINTS_PER_CALL);
  const { seconds } = fits ?? RETENTION[RETENTION.length - 1];
  // On a boundary of the period: CloudWatch would round it, and older points lie on such boundaries alone.
  return { from: Math.floor(earliest / (seconds * 1_000)) * seconds * 1_000, seconds };
}

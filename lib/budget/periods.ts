const DAY_MS = 24 * 3_600_000;

/**
 * Days for which CloudWatch keeps points of a period (user guide, "Metrics retention"). An earlier start needs a
 * coarser one.
 */
const RETENTION: readonly { readonly days: number; readonly seconds: number }[] = [
  { days: 15, seconds: 60 },
  { days: 63, seconds: 300 },
  { days: 455, seconds: 3_600 },
];

/** Margin to the end of the retention: older points may expire during the call. */
const MARGIN_MS = 3_600_000;

/** Maximum points in one answer of GetMetricData; more come in pages. */
export const POINTS_PER_CALL = 100_800;

/** Maximum age of CloudWatch's data. */
export const RETENTION_DAYS = 455;

/** Start of the data to read, in milliseconds since 1970, and the seconds of one point. */
export interface Sampling {
  readonly from: number;
  readonly seconds: number;
}

/**
 * Finds the finest period in which CloudWatch still has all points since `from`, and all series fit into one answer.
 * Sums and averages are as exact in a coarse period as in a fine one: only the begin of a window gets less sharp.
 *
 * @param series number of series that one call reads
 */
export function sampling(from: number, now: number, series: number): Sampling {
  const earliest = Math.max(from, now - RETENTION_DAYS * DAY_MS);
  const kept = RETENTION.filter(({ days }) => now - earliest <= days * DAY_MS - MARGIN_MS);
  const fits = kept.find(({ seconds }) => ((now - earliest) / 1_000 / seconds + 1) * series <= POINTS_PER_CALL);
  const { seconds } = fits ?? RETENTION[RETENTION.length - 1];
  // The start lies on a boundary of the period: CloudWatch would round it, and older points lie on boundaries alone.
  return { from: Math.floor(earliest / (seconds * 1_000)) * seconds * 1_000, seconds };
}

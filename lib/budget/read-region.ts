import { errorText } from '../core/error-text';
import { type Bucket, bucketsOf, type Counted, type MetricSource, type Point, type RegionMeasure } from './measure';
import type { Sampling } from './periods';

/**
 * Reads the measure of one region. A failure becomes an error of this region, and the others still answer.
 *
 * @param read reads these metrics in their order
 * @param whole sampling of the policy's window
 * @param hour sampling of the fast burn
 */
export async function readRegion(
  read: (at: Sampling) => Promise<readonly (readonly Point[])[]>,
  source: MetricSource,
  counted: readonly Counted[],
  whole: Sampling,
  hour: Sampling,
): Promise<RegionMeasure> {
  const scale = source.kind === 'UPTIME' ? source.scale : 1;
  const bucketsIn = async (at: Sampling): Promise<readonly Bucket[]> => {
    const points = await read(at);
    const series = counted.map(({ counts }, index) => ({ counts, points: points[index] }));
    return bucketsOf(series, at.seconds, scale);
  };
  try {
    const [buckets, recent] = await Promise.all([bucketsIn(whole), bucketsIn(hour)]);
    return { buckets, recent };
  } catch (error) {
    return { error: errorText(error) };
  }
}

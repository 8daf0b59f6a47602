import {
  type CanaryBounds,
  checkCanaryPercentage,
  checkRegionTraffic,
  checkWeights,
  type RegionTraffic,
  type Weighting,
} from './canary-input';

export interface CanaryShares {
  /** Whole percentages, by region. */
  readonly percentages: { readonly [region: string]: number };
  /** Traffic-weighted mean of the shares, in percent, rounded to four digits behind the point. */
  readonly mean: number;
}

/** One region: its fraction of all traffic (0 to 1), and its ideal share in percent. */
interface Part {
  readonly region: string;
  readonly traffic: number;
  readonly ideal: number;
}

/** Tolerance in percentage points. Errors of floating point are below it; differences that matter are above it. */
const EPSILON = 1e-9;

/** Number of halvings, after which a double holds no finer factor. */
const HALVINGS = 200;

/**
 * Spreads the canary's share of all production traffic over the regions. CodeDeploy accepts whole percentages only.
 *
 * 1. The weighting gives every region an ideal share, clamped to 1..cap, such that their mean is the requested
 *    percentage.
 * 2. Every region gets the whole number below its ideal. Regions then get one point more where the mean gets nearer:
 *    once from the largest to the smallest and once the other way. The nearer result wins, then the smaller mean. At
 *    last a region gives its extra point up, another one takes a point, or both, as long as the mean gets nearer.
 * 3. Single points are added or taken away while the mean is outside of the standard's bounds.
 *
 * The mean is within half a point of the requested percentage, unless the bounds need more. With `PROPORTIONAL`, whole
 * percentages are met exactly, with the same share everywhere. The order of the regions does not matter.
 *
 * @param percentage requested, 1–99; may have decimals
 * @throws an error that names the property, its value, the allowed range, and the nearest shares that were found
 */
export function canaryShares(
  percentage: number,
  regions: readonly RegionTraffic[],
  weighting: Weighting,
  bounds: CanaryBounds,
): CanaryShares {
  checkCanaryPercentage(percentage, bounds);
  checkRegionTraffic(regions);
  if (weighting.kind === 'EXPLICIT') checkWeights(weighting.weights, regions);
  const cap = Math.min(Math.floor(bounds.regionMaximum), 99);
  if (percentage > cap) {
    throw new Error(
      `standard "${bounds.standard}": canary.percentage is ${percentage}, but no region may give more than ${cap} %, so the ` +
        `nearest possible is ${cap}: lower canary.percentage, or have the owners of the standard raise canaryRegionMaximum`,
    );
  }
  const parts = idealParts(percentage, regions, weighting, cap);
  const numbers = repaired(parts, roundedShares(parts, percentage), { asked: percentage, cap, bounds });
  const mean = meanOf(parts, numbers);
  const shares = {
    percentages: Object.fromEntries(parts.map(({ region }, i) => [region, numbers[i]])),
    mean: Math.round(mean * 10_000) / 10_000,
  };
  if (isWithin(mean, bounds)) return shares;
  throw new Error(
    `standard "${bounds.standard}": canary.percentage is ${percentage}, but no whole percentages of 1–${cap} were found with a ` +
      `traffic-weighted mean of ${bounds.minimum}–${bounds.maximum}; the nearest is ${describe(shares)}: ` +
      'have the owners of the standard widen canaryPercentageMinimum and canaryPercentageMaximum',
  );
}

/** Formats the shares for a person: `7.4 % (eu-west-1 8 %, us-east-1 7 %)`. */
export function describe({ mean, percentages }: CanaryShares): string {
  const each = Object.keys(percentages).map((region) => `${region} ${percentages[region]} %`);
  return `${mean} % (${each.join(', ')})`;
}

/**
 * Sorts the regions by traffic, most first, then by name, and computes their ideal shares. Every share grows with one
 * common factor until it is clamped; the factor is bisected.
 */
function idealParts(
  asked: number,
  regions: readonly RegionTraffic[],
  weighting: Weighting,
  cap: number,
): readonly Part[] {
  const total = regions.reduce((sum, { trafficShare }) => sum + trafficShare, 0);
  const weighed = regions
    .map((each) => ({ ...each, traffic: each.trafficShare / total, ratio: ratioOf(each, weighting) }))
    .toSorted((a, b) => b.traffic - a.traffic || (a.region < b.region ? -1 : 1));
  const ideals = (factor: number): readonly Part[] =>
    weighed.map(({ region, traffic, ratio }) => ({
      region,
      traffic,
      ideal: Math.min(cap, Math.max(1, factor * ratio)),
    }));
  let low = 0;
  let high = cap / Math.min(...weighed.map(({ ratio }) => ratio));
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const parts = ideals(middle);
    if (
      meanOf(
        parts,
        parts.map(({ ideal }) => ideal),
      ) < asked
    )
      low = middle;
    else high = middle;
  }
  return ideals(high);
}

function ratioOf({ region, trafficShare }: RegionTraffic, weighting: Weighting): number {
  switch (weighting.kind) {
    case 'PROPORTIONAL':
      return 1;
    case 'EQUAL_SAMPLE':
      return 1 / trafficShare;
    case 'EXPLICIT':
      return weighting.weights[region];
  }
}

/** Rounds the ideals up or down, such that their mean is near the requested percentage. */
function roundedShares(parts: readonly Part[], asked: number): readonly number[] {
  const largestFirst = parts.map((_, i) => i);
  const [a, b] = [largestFirst, largestFirst.toReversed()].map((order) => {
    const numbers = parts.map(({ ideal }) => Math.floor(ideal + EPSILON));
    let off = meanOf(parts, numbers) - asked;
    for (const i of order) {
      const isWhole = parts[i].ideal - numbers[i] < EPSILON;
      const raised = off + parts[i].traffic;
      if (isWhole || Math.abs(raised) >= Math.abs(off) - EPSILON) continue;
      numbers[i] += 1;
      off = raised;
    }
    return { numbers, off };
  });
  const nearer = Math.abs(a.off) - Math.abs(b.off);
  return exchanged(parts, (Math.abs(nearer) < EPSILON ? a.off < b.off - EPSILON : nearer < 0) ? a : b);
}

/**
 * Takes the extra point of one region, gives one to another, or both, as long as that brings the mean nearer: the best
 * move first.
 */
function exchanged(
  parts: readonly Part[],
  { numbers, off }: { readonly numbers: readonly number[]; readonly off: number },
): readonly number[] {
  const raised = parts.flatMap(({ ideal, traffic }, i) => (numbers[i] > ideal + EPSILON ? { i, by: -1, traffic } : []));
  const others = parts.flatMap(({ ideal, traffic }, i) => (numbers[i] < ideal - EPSILON ? { i, by: 1, traffic } : []));
  const moves = [
    ...[...raised, ...others].map((one) => [one]),
    ...raised.flatMap((from) => others.map((to) => [from, to])),
  ].map((move) => ({ move, off: move.reduce((sum, { by, traffic }) => sum + by * traffic, off) }));
  const best = moves.reduce(
    (nearest, each) => (Math.abs(each.off) < Math.abs(nearest.off) - EPSILON ? each : nearest),
    {
      move: [],
      off,
    },
  );
  if (best.move.length === 0) return numbers;
  const next = best.move.reduce((changed, { i, by }) => changed.with(i, changed[i] + by), numbers);
  return exchanged(parts, { numbers: next, off: best.off });
}

/**
 * Adds single points while the mean is below the standard's bounds, or takes them away while it is above. A step that
 * reaches the bounds goes first, and among those the nearest to the requested percentage. No step goes beyond the
 * bounds.
 */
function repaired(
  parts: readonly Part[],
  start: readonly number[],
  { asked, cap, bounds }: { readonly asked: number; readonly cap: number; readonly bounds: CanaryBounds },
): readonly number[] {
  let numbers = start;
  const step = meanOf(parts, start) < bounds.minimum ? 1 : -1;
  for (;;) {
    const mean = meanOf(parts, numbers);
    if (isWithin(mean, bounds)) return numbers;
    const best = parts
      .map(({ traffic }, i) => ({ i, mean: mean + step * traffic, to: numbers[i] + step }))
      .filter((move) => move.to >= 1 && move.to <= cap)
      .filter((move) => (step > 0 ? move.mean <= bounds.maximum + EPSILON : move.mean >= bounds.minimum - EPSILON))
      .toSorted((a, b) => Math.abs(a.mean - asked) - Math.abs(b.mean - asked))
      .at(0);
    if (!best) return numbers;
    numbers = numbers.with(best.i, best.to);
  }
}

const isWithin = (mean: number, { minimum, maximum }: CanaryBounds): boolean =>
  mean >= minimum - EPSILON && mean <= maximum + EPSILON;

const meanOf = (parts: readonly Part[], numbers: readonly number[]): number =>
  parts.reduce((sum, { traffic }, i) => sum + traffic * numbers[i], 0);

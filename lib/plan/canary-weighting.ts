/**
 * How a canary's share of all production traffic is made of whole percentages, one per region.
 *
 * CodeDeploy knows whole percentages only. The rule, in exact arithmetic:
 *
 * 1. The weighting gives every region an ideal share, a fraction, such that the traffic-weighted mean of all ideals is
 *    exactly what was asked. An ideal outside 1..cap is clamped and the remainder goes to the other regions.
 * 2. Every region gets one of the two whole numbers next to its ideal (the ideal itself if it is whole): of all such
 *    combinations the one whose mean is nearest to what was asked.
 * 3. A region goes further from its ideal only if the bounds of the mean need it, or if it pays: every further point must
 *    bring the mean nearer by more than 0.05 points. Without that price, two regions of 61.37 and 38.63 % that are to be
 *    sampled alike at 7.5 % would get 11 and 2 %, for a mean that is nearer by less than a tenth of a point.
 * 4. Ties: the smaller mean (fewer users meet the candidate), then the shares nearer to their ideals, then the smaller
 *    share in the region with more traffic, then by name. The order in which regions are given does not matter.
 *
 * Whole percentages asked for with `PROPORTIONAL` are therefore met exactly, with the same share everywhere.
 * Step 2 is exact up to 30 regions; see `nearestSum` for what holds beyond, and for step 3.
 */

import { decimalText, scaled } from '../core/decimal';
import { checkCanaryPercentage, checkRegionTraffic, checkWeights } from './canary-checks';
import { add, idealShares } from './ideal-shares';
import { type Candidate, difference, type Goal, nearestSum, type Summand } from './nearest-sum';

export interface RegionTraffic {
  readonly region: string;
  /** In any unit, the same for all regions; they need not add to 100. */
  readonly trafficShare: number;
}

export type Weighting =
  /** Every region is sampled alike. */
  | { readonly kind: 'PROPORTIONAL' }
  /** Every region's canary gets the same number of requests. */
  | { readonly kind: 'EQUAL_SAMPLE' }
  /** The canary shares are to each other as these weights. */
  | { readonly kind: 'EXPLICIT'; readonly weights: { readonly [region: string]: number } };

/** What the organization's standard allows. Percentages. */
export interface CanaryBounds {
  /** Name of the standard, for messages. */
  readonly standard: string;
  /** Of the traffic-weighted mean. */
  readonly minimum: number;
  /** Of the traffic-weighted mean. */
  readonly maximum: number;
  /** Of any one region's share. */
  readonly regionMaximum: number;
}

export interface CanaryShares {
  /** By region: whole percentages. */
  readonly percentages: { readonly [region: string]: number };
  /** The traffic-weighted mean of the shares, in percent, rounded to four digits behind the point. */
  readonly mean: number;
}

/** What a point away from the numbers next to an ideal costs: the 20th part of a point of the mean. Our choice. */
const POINTS_PER_PRICE = 20n;

/** The unit of the distances from the ideals, which decide between equally good means only: a billionth of a point. */
const DISTANCE_UNIT = 10n ** 9n;

/** From this reach on, it is worth asking first whether any shares at all are inside the bounds. */
const DOUBTFUL_REACH = 3;

interface Weighed {
  readonly region: string;
  readonly traffic: bigint;
  /** Of the region's ideal share to the others'. */
  readonly ratio: bigint;
}

/**
 * Turns the canary's share of all production traffic into whole percentages per region.
 *
 * @param percentage asked for; may have decimals, each of them counts
 * @throws an error that names the property, its value and what is allowed, and, where whole numbers cannot meet it, the
 * nearest that they can
 */
export function canaryShares(
  percentage: number,
  regions: readonly RegionTraffic[],
  weighting: Weighting,
  bounds: CanaryBounds,
): CanaryShares {
  checkCanaryPercentage(percentage, bounds);
  checkRegionTraffic(regions);
  if (weighting.kind === 'EXPLICIT') {
    checkWeights(weighting.weights, regions);
  }
  const cap = Math.min(Math.floor(bounds.regionMaximum), 99);
  if (percentage > cap) {
    throw new Error(
      `standard "${bounds.standard}": canary.percentage is ${percentage}, but no region may give more than ${cap} %, so the ` +
        `nearest possible is ${cap}: lower canary.percentage, or ask the owners of the standard to raise canaryRegionMaximum`,
    );
  }

  const weighed = weigh(regions, weighting);
  const traffic = weighed.map((region) => region.traffic);
  const [numerator, minimum, maximum, denominator] = scaled([percentage, bounds.minimum, bounds.maximum, 1]);
  const ratios = weighed.map((region) => region.ratio);
  const ideals = idealShares(traffic, ratios, { numerator, denominator }, BigInt(cap));
  const total = add(traffic);
  // One point of the mean, in the unit of all sums.
  const point = total * denominator;
  const goal: Goal = {
    sum: numerator * total,
    minimum: minimum * total,
    maximum: maximum * total,
    denominator: DISTANCE_UNIT,
  };
  const summands = (reach: number): Summand[] =>
    ideals.numerators.map((ideal, i) => ({
      weight: traffic[i] * denominator,
      from: Math.max(1, Number(ideal / ideals.denominator) - reach),
      to: Math.min(cap, Number((ideal + ideals.denominator - 1n) / ideals.denominator) + reach),
      ideal: (ideal * DISTANCE_UNIT) / ideals.denominator,
    }));
  const shares = ({ sum, numbers }: Candidate): CanaryShares => ({
    percentages: Object.fromEntries(weighed.map(({ region }, i) => [region, numbers[i]])),
    mean: Number(decimalText(sum, point)),
  });

  const found = cheapest(summands, goal, point, cap);
  if (found) {
    return shares(found);
  }
  const possible = nearestSum(summands(cap), { ...goal, minimum: 0n, maximum: 100n * point });
  const rounded = possible && (possible.sum * 10_000n) % point !== 0n;
  const nearest = possible ? `; the nearest is ${rounded ? 'about ' : ''}${describe(shares(possible))}` : '';
  throw new Error(
    `standard "${bounds.standard}": canary.percentage is ${percentage}, but no whole percentages of 1–${cap} were found with a ` +
      `traffic-weighted mean of ${bounds.minimum}–${bounds.maximum}${nearest}: ` +
      'ask the owners of the standard to widen canaryPercentageMinimum and canaryPercentageMaximum',
  );
}

/** The shares for a person: `7.4 % (eu-west-1 8 %, us-east-1 7 %)`. */
export function describe({ mean, percentages }: CanaryShares): string {
  const each = Object.keys(percentages).map((region) => `${region} ${percentages[region]} %`);
  return `${mean} % (${each.join(', ')})`;
}

/** The rule's step 3: the nearest mean, reaching one point further from the ideals as long as that can pay. */
function cheapest(
  summands: (reach: number) => Summand[],
  goal: Goal,
  point: bigint,
  cap: number,
): Candidate | undefined {
  let best: { readonly candidate: Candidate; readonly cost: bigint } | undefined;
  for (let reach = 0; reach < cap; reach++) {
    if (!best && reach === DOUBTFUL_REACH && !nearestSum(summands(cap), goal)) {
      return undefined;
    }
    const price = BigInt(reach) * point;
    if (best && best.cost <= price) {
      break;
    }
    const candidate = nearestSum(summands(reach), goal);
    const cost = candidate && difference(candidate.sum, goal.sum) * POINTS_PER_PRICE + price;
    if (candidate && cost !== undefined && (!best || cost < best.cost)) {
      best = { candidate, cost };
    }
  }
  return best?.candidate;
}

/** In exact numbers, and in an order that does not depend on the one given: most traffic first, then by name. */
function weigh(regions: readonly RegionTraffic[], weighting: Weighting): Weighed[] {
  const traffic = scaled(regions.map((region) => region.trafficShare));
  const ratios = ratiosOf(regions, traffic, weighting);
  return regions
    .map(({ region }, i) => ({ region, traffic: traffic[i], ratio: ratios[i] }))
    .sort((a, b) => (a.traffic === b.traffic ? (a.region < b.region ? -1 : 1) : a.traffic > b.traffic ? -1 : 1));
}

function ratiosOf(regions: readonly RegionTraffic[], traffic: readonly bigint[], weighting: Weighting): bigint[] {
  switch (weighting.kind) {
    case 'PROPORTIONAL':
      return regions.map(() => 1n);
    case 'EQUAL_SAMPLE': {
      const product = traffic.reduce((all, own) => all * own, 1n);
      return traffic.map((own) => product / own);
    }
    case 'EXPLICIT':
      return scaled(regions.map(({ region }) => weighting.weights[region]));
  }
}

export interface RegionTraffic {
  readonly region: string;
  /** Traffic in any unit, the same for all regions. The shares need not add up to 100. */
  readonly trafficShare: number;
}

export type Weighting =
  /** Every region is sampled alike. */
  | { readonly kind: 'PROPORTIONAL' }
  /** Every region's canary gets the same number of requests. */
  | { readonly kind: 'EQUAL_SAMPLE' }
  /** The canary shares have the ratios of these weights. */
  | { readonly kind: 'EXPLICIT'; readonly weights: { readonly [region: string]: number } };

/** Bounds of the organization's standard, in percent. */
export interface CanaryBounds {
  /** Name of the standard, for messages. */
  readonly standard: string;
  /** Minimum of the traffic-weighted mean. */
  readonly minimum: number;
  /** Maximum of the traffic-weighted mean. */
  readonly maximum: number;
  /** Maximum of any one region's share. */
  readonly regionMaximum: number;
}

const positive = (value: number): boolean => Number.isFinite(value) && value > 0;

/** Checks the canary's share of all production traffic against CodeDeploy's range and the standard's. */
export function checkCanaryPercentage(percentage: number, bounds: CanaryBounds): void {
  if (!(percentage >= 1 && percentage <= 99)) {
    throw new Error(
      `canary.percentage is ${percentage}, but must be a number of 1–99: give the share of all production traffic in percent`,
    );
  }
  const { standard, minimum, maximum } = bounds;
  if (percentage < minimum) {
    throw new Error(
      `standard "${standard}": canary.percentage is ${percentage}, but at least ${minimum} is required: raise canary.percentage, ` +
        'or have the owners of the standard lower canaryPercentageMinimum',
    );
  }
  if (percentage > maximum) {
    throw new Error(
      `standard "${standard}": canary.percentage is ${percentage}, but at most ${maximum} is allowed: lower canary.percentage, ` +
        'or have the owners of the standard raise canaryPercentageMaximum',
    );
  }
}

/** Checks that every region is named once and has some of the traffic. */
export function checkRegionTraffic(regions: readonly RegionTraffic[]): void {
  if (regions.length === 0) {
    throw new Error('regions is empty, but production needs at least one region: add one with its trafficShare');
  }
  const seen = new Map<string, number>();
  regions.forEach(({ region, trafficShare }, i) => {
    if (!region) {
      throw new Error(`regions[${i}].env.region is missing: name the region, for example us-east-1`);
    }
    const first = seen.get(region);
    if (first !== undefined) {
      throw new Error(
        `regions[${i}].env.region is ${region}, but regions[${first}] is already there: give every region once, with all of its traffic`,
      );
    }
    seen.set(region, i);
    if (!positive(trafficShare)) {
      throw new Error(
        `regions[${i}].trafficShare is ${trafficShare}, but must be a finite number above 0: give ${region}'s part of all ` +
          'production traffic, in any unit, or remove the region',
      );
    }
  });
}

/** Checks that each region, and nothing else, has a positive weight. */
export function checkWeights(weights: { readonly [region: string]: number }, regions: readonly RegionTraffic[]): void {
  const known = regions.map(({ region }) => region);
  for (const region of known) {
    if (!Object.hasOwn(weights, region)) {
      throw new Error(
        `canary.weighting has no weight for ${region}: give every production region one, or use another CanaryWeighting`,
      );
    }
  }
  for (const [region, weight] of Object.entries(weights)) {
    if (!known.includes(region)) {
      throw new Error(
        `canary.weighting has a weight for ${region}, but the production regions are ${known.join(', ')}: remove it, or add the region`,
      );
    }
    if (!positive(weight)) {
      throw new Error(
        `canary.weighting has the weight ${weight} for ${region}, but it must be a finite number above 0: every region takes part ` +
          'in the canary; give it a small weight if it should take little',
      );
    }
  }
}

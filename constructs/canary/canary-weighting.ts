import type { CanaryBounds, RegionTraffic, Weighting } from '../../lib/plan/canary-input';
import { type CanaryShares, canaryShares } from '../../lib/plan/canary-shares';
import { known } from '../core/validation';

/**
 * Spread of the canary's share of all production traffic over the regions.
 *
 * Every region gets a whole percentage of at least 1 and at most the standard's `canaryRegionMaximum`. The
 * traffic-weighted mean is within half a point of `canary.percentage`.
 */
export abstract class CanaryWeighting {
  /**
   * Gives every region the same share, apart from rounding. The default.
   */
  public static proportional(): CanaryWeighting {
    return new Weighted({ kind: 'PROPORTIONAL' });
  }

  /**
   * Gives every region's canary the same number of requests, so that a fault is found as soon in a small region as in a
   * large one. A region that is too small for that takes the standard's `canaryRegionMaximum`.
   */
  public static equalSample(): CanaryWeighting {
    return new Weighted({ kind: 'EQUAL_SAMPLE' });
  }

  /**
   * Gives the regions canary shares in proportion to these weights. Only their ratios count.
   *
   * @param weights by region: a number above 0 for every production region and for no other
   * @throws if `weights` is no object, or a weight is a token; the pipeline refuses missing and further regions
   */
  public static explicit(weights: { [region: string]: number }): CanaryWeighting {
    if (typeof weights !== 'object' || weights === null) {
      throw new Error(
        `CanaryWeighting.explicit(${weights}): must have a weight for every region, such as { 'us-east-1': 2, 'eu-west-1': 1 }`,
      );
    }
    for (const [region, weight] of Object.entries(weights)) {
      known(weight, `canary.weighting's weight for ${region}`);
    }
    return new Weighted({ kind: 'EXPLICIT', weights: { ...weights } });
  }

  /**
   * Returns the regions' whole percentages.
   *
   * @internal
   */
  public abstract _percentages(percentage: number, regions: RegionTraffic[], bounds: CanaryBounds): CanaryShares;
}

class Weighted extends CanaryWeighting {
  public constructor(private readonly weighting: Weighting) {
    super();
  }

  public _percentages(percentage: number, regions: RegionTraffic[], bounds: CanaryBounds): CanaryShares {
    known(percentage, 'canary.percentage');
    regions.forEach(({ region, trafficShare }, i) => {
      known(region, `regions[${i}].env.region`);
      known(trafficShare, `regions[${i}].trafficShare`);
    });
    return canaryShares(percentage, regions, this.weighting, bounds);
  }
}

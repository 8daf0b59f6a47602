import * as fc from 'fast-check';
import type { CanaryBounds, RegionTraffic, Weighting } from '../../../lib/plan/canary-input';
import { canaryShares } from '../../../lib/plan/canary-shares';

const BOUNDS: CanaryBounds = { standard: 'acme', minimum: 5, maximum: 10, regionMaximum: 30 };
const WIDE: CanaryBounds = { standard: 'acme', minimum: 1, maximum: 99, regionMaximum: 12 };
const PROPORTIONAL: Weighting = { kind: 'PROPORTIONAL' };
const EQUAL_SAMPLE: Weighting = { kind: 'EQUAL_SAMPLE' };

const numbered = (shares: readonly number[]): RegionTraffic[] =>
  shares.map((trafficShare, i) => ({ region: `r${i}`, trafficShare }));

/** Traffic shares and a percentage in tenths: all of them whole, so that the oracles' floating point is exact. */
const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
const tenths = (from: number, to: number) => fc.integer({ min: from * 10, max: to * 10 });
const weighting = (n: number): fc.Arbitrary<Weighting> =>
  fc.oneof(
    fc.constant(PROPORTIONAL),
    fc.constant(EQUAL_SAMPLE),
    fc.array(fc.integer({ min: 1, max: 50 }), { minLength: n, maxLength: n }).map(
      (weights): Weighting => ({
        kind: 'EXPLICIT',
        weights: Object.fromEntries(weights.map((w, i) => [`r${i}`, w])),
      }),
    ),
  );

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('for any traffic', () => {
  test('shares are whole and from 1 to the cap, and the mean is inside the bounds', () => {
    const inputs = fc
      .tuple(shares, tenths(5, 10))
      .chain(([traffic, asked]) => fc.tuple(fc.constant(traffic), fc.constant(asked), weighting(traffic.length)));
    return fc.assert(
      fc.property(inputs, ([traffic, asked, by]) => {
        const { percentages } = canaryShares(asked / 10, numbered(traffic), by, BOUNDS);
        const numbers = traffic.map((_, i) => percentages[`r${i}`]);
        expect(numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 30)).toBe(true);
        const weighted = sum(numbers.map((number, i) => number * traffic[i]));
        expect(weighted).toBeGreaterThanOrEqual(5 * sum(traffic));
        expect(weighted).toBeLessThanOrEqual(10 * sum(traffic));
      }),
    );
  });

  test('the mean is within half a point of the requested one, and every share is next to its ideal', () => {
    return fc.assert(
      fc.property(shares, tenths(1, 12), fc.boolean(), (traffic, asked, isProportional) => {
        const fair = (asked * sum(traffic)) / (10 * traffic.length);
        const ideals = traffic.map((own) => (isProportional ? asked / 10 : fair / own));
        fc.pre(ideals.every((ideal) => ideal >= 1 && ideal <= 12));
        const by = isProportional ? PROPORTIONAL : EQUAL_SAMPLE;
        const { percentages } = canaryShares(asked / 10, numbered(traffic), by, WIDE);
        const numbers = traffic.map((_, i) => percentages[`r${i}`]);
        const mean = sum(numbers.map((number, i) => number * traffic[i])) / sum(traffic);
        expect(Math.abs(mean - asked / 10)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(numbers.every((number, i) => Math.abs(number - ideals[i]) < 1 + 1e-9)).toBe(true);
      }),
    );
  });

  test('no region that could take one point more would bring the mean nearer', () => {
    return fc.assert(
      fc.property(shares, tenths(5, 10), (traffic, asked) => {
        const { percentages } = canaryShares(asked / 10, numbered(traffic), PROPORTIONAL, WIDE);
        const numbers = traffic.map((_, i) => percentages[`r${i}`]);
        const off = sum(numbers.map((number, i) => number * traffic[i])) / sum(traffic) - asked / 10;
        const raisable = traffic.filter((_, i) => off < 0 && numbers[i] < Math.ceil(asked / 10));
        for (const own of raisable) {
          expect(Math.abs(off + own / sum(traffic))).toBeGreaterThanOrEqual(Math.abs(off) - 1e-9);
        }
      }),
    );
  });

  test('a whole percentage is met exactly, with the same share everywhere', () => {
    return fc.assert(
      fc.property(shares, fc.integer({ min: 5, max: 10 }), (traffic, asked) => {
        const { percentages, mean } = canaryShares(asked, numbered(traffic), PROPORTIONAL, BOUNDS);
        expect(new Set(Object.values(percentages))).toEqual(new Set([asked]));
        expect(mean).toBe(asked);
      }),
    );
  });

  test('the order of the regions does not matter', () => {
    const inputs = fc
      .tuple(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 8 }), tenths(5, 10))
      .chain(([traffic, asked]) =>
        fc.tuple(
          fc.constant(numbered(traffic)),
          fc.shuffledSubarray(numbered(traffic), { minLength: traffic.length }),
          fc.constant(asked),
          weighting(traffic.length),
        ),
      );
    return fc.assert(
      fc.property(inputs, ([regions, shuffled, asked, by]) => {
        const shares = canaryShares(asked / 10, shuffled, by, BOUNDS);
        expect(shares).toEqual(canaryShares(asked / 10, regions, by, BOUNDS));
      }),
    );
  });

  test('twenty regions with many decimals get a mean within 0.05 points of the requested one', () => {
    const many = fc.array(fc.integer({ min: 1_000_000, max: 9_999_999 }), { minLength: 20, maxLength: 20 });
    return fc.assert(
      fc.property(many, fc.constantFrom(PROPORTIONAL, EQUAL_SAMPLE), tenths(6, 9), (traffic, by, asked) => {
        const regions = numbered(traffic.map((share) => share / 1e5));
        const { percentages } = canaryShares(asked / 10, regions, by, BOUNDS);
        const mean = sum(traffic.map((share, i) => share * percentages[`r${i}`])) / sum(traffic);
        expect(Math.abs(mean - asked / 10)).toBeLessThan(0.05);
      }),
      { numRuns: 20 },
    );
  });

  test('one region with nearly all traffic is served too, among twenty', () => {
    const small = fc.array(fc.integer({ min: 1, max: 999_999_999 }), { minLength: 19, maxLength: 19 });
    return fc.assert(
      fc.property(small, (others) => {
        const regions = numbered([1000, ...others.map((share) => share / 1e9)]);
        expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS).percentages.r0).toBe(7);
      }),
      { numRuns: 20 },
    );
  });
});

import type { CanaryBounds, RegionTraffic, Weighting } from '../../../lib/plan/canary-input';
import { canaryShares } from '../../../lib/plan/canary-shares';

const BOUNDS: CanaryBounds = { standard: 'acme', minimum: 5, maximum: 10, regionMaximum: 30 };
const PROPORTIONAL: Weighting = { kind: 'PROPORTIONAL' };
const EQUAL_SAMPLE: Weighting = { kind: 'EQUAL_SAMPLE' };

const regionsOf = (traffic: { [region: string]: number }): RegionTraffic[] =>
  Object.entries(traffic).map(([region, trafficShare]) => ({ region, trafficShare }));
const numbered = (shares: readonly number[]): RegionTraffic[] =>
  shares.map((trafficShare, i) => ({ region: `r${i}`, trafficShare }));
const ORDERS = regionsOf({ 'us-east-1': 60, 'eu-west-1': 30, 'ap-southeast-2': 10 });

describe('proportional', () => {
  test('gives every region the requested share when it is whole', () => {
    expect(canaryShares(8, ORDERS, PROPORTIONAL, BOUNDS)).toEqual({
      percentages: { 'us-east-1': 8, 'eu-west-1': 8, 'ap-southeast-2': 8 },
      mean: 8,
    });
  });

  test('gives whole numbers next to the requested share such that the mean is nearest', () => {
    const regions = regionsOf({ a: 50, b: 30, c: 20 });
    expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS)).toEqual({ percentages: { a: 7, b: 8, c: 8 }, mean: 7.5 });
  });

  test('prefers the smaller of two equally near means, which fewer users meet', () => {
    const { percentages, mean } = canaryShares(7.5, ORDERS, PROPORTIONAL, BOUNDS);
    expect(percentages).toEqual({ 'us-east-1': 7, 'eu-west-1': 8, 'ap-southeast-2': 8 });
    expect(mean).toBe(7.4);
  });

  test('keeps regions of very different traffic next to the requested share', () => {
    const regions = regionsOf({ a: 61.37, b: 38.63 });
    expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS).percentages).toEqual({ a: 7, b: 8 });
  });

  test('keeps a small region next to the requested share', () => {
    const regions = regionsOf({ a: 95, b: 5 });
    expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS).percentages).toEqual({ a: 7, b: 8 });
  });

  test('goes further from the requested share where the bounds of the mean need it', () => {
    const regions = regionsOf({ a: 95, b: 5 });
    const { mean } = canaryShares(7.5, regions, PROPORTIONAL, { ...BOUNDS, minimum: 7.3, maximum: 7.7 });
    expect(mean).toBeGreaterThanOrEqual(7.3);
    expect(mean).toBeLessThanOrEqual(7.7);
  });

  test('decides between regions with the same traffic by their names', () => {
    const { percentages } = canaryShares(7.5, regionsOf({ b: 50, a: 50 }), PROPORTIONAL, BOUNDS);
    expect(percentages).toEqual({ a: 7, b: 8 });
  });

  test('takes the smaller of two equally near shares, which fewer users meet', () => {
    expect(canaryShares(7.5, regionsOf({ a: 1 }), PROPORTIONAL, BOUNDS).percentages).toEqual({ a: 7 });
  });

  test('takes the nearer of two shares of a single region', () => {
    expect(canaryShares(7.6, regionsOf({ a: 1 }), PROPORTIONAL, BOUNDS).percentages).toEqual({ a: 8 });
  });

  test('gives the same shares for the same ratios in other units', () => {
    const regions = regionsOf({ a: 0.1, b: 0.2, c: 0.3 });
    expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS)).toEqual(
      canaryShares(7.5, regionsOf({ a: 1, b: 2, c: 3 }), PROPORTIONAL, BOUNDS),
    );
  });

  test('takes very large and very small traffic shares', () => {
    const regions = regionsOf({ a: 3e21, b: 1e21 });
    expect(canaryShares(7.5, regions, PROPORTIONAL, BOUNDS)).toEqual(
      canaryShares(7.5, regionsOf({ a: 3e-9, b: 1e-9 }), PROPORTIONAL, BOUNDS),
    );
  });
});

describe('equal sample', () => {
  test("gives every region's canary about the same number of requests", () => {
    const { percentages, mean } = canaryShares(8, ORDERS, EQUAL_SAMPLE, BOUNDS);
    expect(percentages).toEqual({ 'us-east-1': 5, 'eu-west-1': 8, 'ap-southeast-2': 26 });
    expect(mean).toBe(8);
  });

  test('takes no more than the cap of a small region and leaves the remainder to the others', () => {
    const { percentages, mean } = canaryShares(8, regionsOf({ a: 50, b: 48, c: 2 }), EQUAL_SAMPLE, BOUNDS);
    expect(percentages).toEqual({ a: 8, b: 7, c: 30 });
    expect(mean).toBe(7.96);
  });

  test('takes at least 1 % of a large region', () => {
    const { percentages } = canaryShares(5, numbered([970, 10, 10, 10]), EQUAL_SAMPLE, { ...BOUNDS, minimum: 1 });
    expect(Math.min(...Object.values(percentages))).toBeGreaterThanOrEqual(1);
  });
});

describe('explicit weights', () => {
  test('make shares with the ratios of the weights', () => {
    const weighting: Weighting = { kind: 'EXPLICIT', weights: { a: 1, b: 2 } };
    const { percentages } = canaryShares(9, regionsOf({ a: 50, b: 50 }), weighting, BOUNDS);
    expect(percentages).toEqual({ a: 6, b: 12 });
  });

  test('that are equal are the same as proportional', () => {
    const weighting: Weighting = {
      kind: 'EXPLICIT',
      weights: { 'us-east-1': 0.7, 'eu-west-1': 0.7, 'ap-southeast-2': 0.7 },
    };
    expect(canaryShares(7.3, ORDERS, weighting, BOUNDS)).toEqual(canaryShares(7.3, ORDERS, PROPORTIONAL, BOUNDS));
  });

  test('never give more than the cap nor less than 1 %', () => {
    const weighting: Weighting = {
      kind: 'EXPLICIT',
      weights: { 'us-east-1': 1, 'eu-west-1': 100, 'ap-southeast-2': 10_000 },
    };
    const { percentages } = canaryShares(10, ORDERS, weighting, BOUNDS);
    expect(percentages).toEqual({ 'us-east-1': 1, 'eu-west-1': 21, 'ap-southeast-2': 30 });
  });
});

describe('wrong input is an error that says what to change', () => {
  const one = regionsOf({ a: 1 });
  const asking = (percentage: number, regions = one, weighting: Weighting = PROPORTIONAL, bounds = BOUNDS) => {
    return () => canaryShares(percentage, regions, weighting, bounds);
  };

  test.each([0, -3, Number.NaN, Number.POSITIVE_INFINITY, 100])('a percentage of %p', (percentage) => {
    expect(asking(percentage)).toThrow(`canary.percentage is ${percentage}, but must be a number of 1–99`);
  });

  test('a percentage above the bounds', () => {
    expect(asking(12)).toThrow(
      'standard "acme": canary.percentage is 12, but at most 10 is allowed: lower canary.percentage, or have the owners of the ' +
        'standard raise canaryPercentageMaximum',
    );
  });

  test('a percentage below the bounds', () => {
    expect(asking(4.9)).toThrow('standard "acme": canary.percentage is 4.9, but at least 5 is required');
  });

  test('a percentage above what one region may give', () => {
    expect(asking(8, one, PROPORTIONAL, { ...BOUNDS, regionMaximum: 7 })).toThrow(
      'canary.percentage is 8, but no region may give more than 7 %, so the nearest possible is 7',
    );
  });

  test('bounds that whole percentages cannot meet, with the nearest possible', () => {
    expect(asking(7.5, one, PROPORTIONAL, { ...BOUNDS, minimum: 7.4, maximum: 7.6 })).toThrow(
      'canary.percentage is 7.5, but no whole percentages of 1–30 were found with a traffic-weighted mean of 7.4–7.6; the nearest is 7 % (a 7 %)',
    );
  });

  test('bounds that many finely measured regions cannot meet exactly', () => {
    const regions = Array.from({ length: 20 }, (_, i) => ({ region: `r${i}`, trafficShare: Math.sqrt(i + 2) * 7 }));
    expect(asking(8, regions, EQUAL_SAMPLE, { ...BOUNDS, minimum: 8, maximum: 8 })).toThrow(
      '; the nearest is 7.9963 % (r19 ',
    );
  });

  test('no region', () => {
    expect(asking(8, [])).toThrow('regions is empty, but production needs at least one region');
  });

  test('a region without a name', () => {
    expect(asking(8, [...one, { region: '', trafficShare: 1 }])).toThrow('regions[1].env.region is missing');
  });

  test('a region that is named twice', () => {
    expect(asking(8, [...one, ...regionsOf({ b: 1 }), ...one])).toThrow(
      'regions[2].env.region is a, but regions[0] is already there',
    );
  });

  test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('a traffic share of %p', (trafficShare) => {
    expect(asking(8, [...one, { region: 'b', trafficShare }])).toThrow(
      `regions[1].trafficShare is ${trafficShare}, but must be a finite number above 0`,
    );
  });

  test('a region without a weight', () => {
    expect(asking(8, one, { kind: 'EXPLICIT', weights: {} })).toThrow('canary.weighting has no weight for a');
  });

  test('a region without a weight, named like a property of all objects', () => {
    expect(asking(8, regionsOf({ constructor: 1 }), { kind: 'EXPLICIT', weights: {} })).toThrow(
      'no weight for constructor',
    );
  });

  test('a weight for an unknown region', () => {
    expect(asking(8, one, { kind: 'EXPLICIT', weights: { a: 1, 'mars-1': 1 } })).toThrow(
      'canary.weighting has a weight for mars-1, but the production regions are a',
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a weight of %p', (weight) => {
    expect(asking(8, one, { kind: 'EXPLICIT', weights: { a: weight } })).toThrow(
      `canary.weighting has the weight ${weight} for a, but it must be a finite number above 0`,
    );
  });
});

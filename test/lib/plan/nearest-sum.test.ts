import { type Goal, nearestSum, type Summand } from '../../../lib/plan/nearest-sum';

const summand = (weight: number, from: number, to: number, ideal = from): Summand => ({
  weight: BigInt(weight),
  from,
  to,
  ideal: BigInt(ideal),
});
const goal = (sum: number, minimum = 0, maximum = 10 ** 9): Goal => ({
  sum: BigInt(sum),
  minimum: BigInt(minimum),
  maximum: BigInt(maximum),
  denominator: 1n,
});

describe('nearestSum', () => {
  test('finds the numbers that meet the goal', () => {
    expect(nearestSum([summand(5, 1, 3), summand(3, 1, 3)], goal(19))?.numbers).toEqual([2, 3]);
  });

  test('takes the smaller of two sums that are equally near', () => {
    expect(nearestSum([summand(2, 1, 3)], goal(5))?.sum).toBe(4n);
  });

  test('takes the way that is nearer to the ideals', () => {
    expect(nearestSum([summand(1, 1, 3, 3), summand(1, 1, 3, 1)], goal(4))?.numbers).toEqual([3, 1]);
  });

  test('takes the lexicographically first of equally good ways', () => {
    expect(nearestSum([summand(1, 1, 2, 1), summand(1, 1, 2, 1)], goal(3))?.numbers).toEqual([1, 2]);
  });

  test('takes the further sum when only that is inside the bounds', () => {
    expect(nearestSum([summand(10, 1, 3)], goal(12, 11))?.sum).toBe(20n);
  });

  test('finds nothing when no sum is inside the bounds', () => {
    expect(nearestSum([summand(10, 1, 3)], goal(12, 11, 19))).toBeUndefined();
  });

  test('comes near with more sums than it can look at', () => {
    const weights = Array.from({ length: 34 }, (_, i) => 1_000_003 + 7_919 * i * i);
    const most = weights.reduce((sum, weight) => sum + 4 * weight, 0);
    const wanted = Math.round(most * 0.61);
    const found = nearestSum(
      weights.reverse().map((weight) => summand(weight, 1, 4, 2)),
      goal(wanted),
    );
    expect(Math.abs(Number(found?.sum) - wanted)).toBeLessThan(most / 1e6);
  });
});

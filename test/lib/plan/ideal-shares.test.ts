import { idealShares } from '../../../lib/plan/ideal-shares';

const shares = (traffic: bigint[], ratios: bigint[], mean: bigint, maximum = 30n): number[] => {
  const { numerators, denominator } = idealShares(traffic, ratios, { numerator: mean, denominator: 1n }, maximum);
  return numerators.map((numerator) => Number(numerator) / Number(denominator));
};

describe('idealShares', () => {
  test('are to each other as the ratios, with the asked mean', () => {
    expect(shares([1n, 1n], [1n, 3n], 8n)).toEqual([4, 12]);
  });

  test('stop at the maximum and leave the remainder to the others', () => {
    expect(shares([5n, 4n, 1n], [1n, 1n, 10n], 9n)).toEqual([60 / 9, 60 / 9, 30]);
  });

  test('do not go below 1 %, and the others make up for it', () => {
    expect(shares([1n, 1n], [1n, 99n], 8n)).toEqual([1, 15]);
  });

  test('can be clamped at both ends at once', () => {
    expect(shares([1n, 1n, 1n], [1n, 100n, 10_000n], 12n)).toEqual([1, 5, 30]);
  });

  test('are all 1 % for a mean of 1 %', () => {
    expect(shares([7n, 3n], [1n, 3n], 1n)).toEqual([1, 1]);
  });

  test('are all the maximum for a mean of the maximum', () => {
    expect(shares([7n, 3n], [1n, 3n], 30n)).toEqual([30, 30]);
  });

  test('cannot have a mean below 1 %', () => {
    expect(() => shares([1n], [1n], 0n)).toThrow('no share of 1 % or more has so small a mean');
  });
});

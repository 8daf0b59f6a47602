import { decimal, scaled } from '../../../lib/core/decimal';

describe('decimal', () => {
  test.each([
    [60, 60n, 0],
    [0.1, 1n, 1],
    [33.33, 3333n, 2],
    [1e21, 10n ** 21n, 0],
    [1.5e-7, 15n, 8],
    [-0.25, -25n, 2],
  ])('reads %p as it is written', (value, digits, places) => {
    expect(decimal(value)).toEqual({ digits, places });
  });

  test('scales numbers to whole ones in the same ratio', () => {
    expect(scaled([60, 0.25, 1e-3])).toEqual([60_000n, 250n, 1n]);
  });
});

import * as fc from 'fast-check';
import { allowancesIn, allowedMinutes, limitOf, MONTH_MINUTES } from '../../../lib/budget/objective';

test('99.99 % allow 4.383 min a month, which is 365.25 / 12 days', () => {
  expect(MONTH_MINUTES).toBe(43_830);
  expect(allowedMinutes(99.99, MONTH_MINUTES)).toBe(4.383);
});

test.each([
  [99.9, 43.83],
  [99.999, 0.4383],
  [99, 438.3],
  [95, 2_191.5],
  [50, 21_915],
])('%d %% allow %d min a month, without noise', (objective, minutes) => {
  expect(allowedMinutes(objective, MONTH_MINUTES)).toBe(minutes);
});

test('a longer window allows proportionally more', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999 }).map((objective) => objective / 10_000),
      fc.integer({ min: 1, max: 500_000 }),
      fc.integer({ min: 1, max: 50 }),
      (objective, window, times) => {
        const once = allowedMinutes(objective, window);
        expect(allowedMinutes(objective, window * times) / (once * times)).toBeCloseTo(1, 12);
      },
    ),
  ));

test.each([0, 100, -1, 101, Number.NaN, Number.POSITIVE_INFINITY])('an objective of %d %% is refused', (objective) => {
  expect(() => allowedMinutes(objective, 60)).toThrow(
    `objective is ${objective}, but must be more than 0 and less than 100`,
  );
});

test('exactly the allowance is within it, also with noise', () => {
  expect(0.1 + 0.2).toBeGreaterThan(0.3);
  expect(0.1 + 0.2 > limitOf(0.3)).toBe(false);
  expect(0.300001 > limitOf(0.3)).toBe(true);
});

test.each([
  [12, 4.383, 3],
  [8.766, 4.383, 2],
  [8.767, 4.383, 3],
  [0.1 + 0.2, 0.1, 3],
  [4.383 * 3, 4.383, 3],
  [5, 4.383, 2],
])('%d min are paid for by the allowance of %d min, times %d', (down, allowed, times) => {
  expect(allowancesIn(down, allowed)).toBe(times);
});

import fc from 'fast-check';
import { POINTS_PER_CALL, sampling } from '../../../lib/budget/periods';

const NOW = Date.parse('2026-11-20T10:17:42Z');
const DAY = 24 * 3_600_000;

test.each([
  [14.9, 60],
  [15, 300],
  [62.9, 300],
  [63, 3_600],
  [455, 3_600],
])('%d days back, CloudWatch still has points of %d s', (days, seconds) => {
  expect(sampling(NOW - days * DAY, NOW, 1)).toMatchObject({ seconds });
});

test('the start is never older than the retention of CloudWatch', () => {
  const { from } = sampling(Number.NEGATIVE_INFINITY, NOW, 1);
  expect(NOW - from).toBeLessThan(455 * DAY + 3_600_000);
});

test('more series get longer periods, so that they fit into one answer', () => {
  expect(sampling(NOW - 28 * DAY, NOW, 12)).toMatchObject({ seconds: 300 });
  expect(sampling(NOW - 28 * DAY, NOW, 36)).toMatchObject({ seconds: 3_600 });
});

test('the start is on a boundary of its period, and not later than wanted', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 455 * DAY, noNaN: true }), fc.integer({ min: 1, max: 36 }), (back, series) => {
      const { from, seconds } = sampling(NOW - back, NOW, series);
      expect(from % (seconds * 1_000)).toBe(0);
      expect(from).toBeLessThanOrEqual(NOW - back);
      expect(NOW - back - from).toBeLessThan(seconds * 1_000);
    }),
  );
});

test('as long as one answer can hold it, it does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 36 }), (days, series) => {
      const { from, seconds } = sampling(NOW - days * DAY, NOW, series);
      expect(((NOW - from) / 1_000 / seconds) * series).toBeLessThanOrEqual(POINTS_PER_CALL);
    }),
  );
});

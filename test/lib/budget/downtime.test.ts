import * as fc from 'fast-check';
import { clip, merge, total } from '../../../lib/budget/downtime';
import { BEGIN, downtimes, HISTORY_MINUTES, MINUTE } from './arbitraries';

const down = (from: number, to: number, severity = 1) => ({ from, to, severity });

describe('merging downtimes', () => {
  test('counts an overlap once', () => {
    expect(merge([down(0, 10), down(5, 20), down(7, 8)])).toEqual([down(0, 20)]);
  });

  test('lets the largest severity count where several overlap', () => {
    expect(merge([down(0, 10, 0.5), down(4, 6), down(8, 12, 0.25)])).toEqual([
      down(0, 4, 0.5),
      down(4, 6),
      down(6, 10, 0.5),
      down(10, 12, 0.25),
    ]);
  });

  test('joins neighbours of the same severity, and only those', () => {
    expect(merge([down(5, 9), down(0, 5), down(9, 10, 0.5), down(11, 12, 0.5)])).toEqual([
      down(0, 9),
      down(9, 10, 0.5),
      down(11, 12, 0.5),
    ]);
  });

  test('leaves out downtimes without weight', () => {
    expect(merge([down(0, 5, 0), down(7, 7), down(9, 8)])).toEqual([]);
  });

  test('keeps severities above 1', () => {
    expect(merge([down(0, 5, 3), down(2, 8)])).toEqual([down(0, 5, 3), down(5, 8)]);
  });

  test('is independent of their order', () =>
    fc.assert(
      fc.property(
        downtimes().chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(merge(shuffled)).toEqual(merge(all));
        },
      ),
    ));

  test('changes nothing a second time', () =>
    fc.assert(
      fc.property(downtimes(), (all) => {
        expect(merge(merge(all))).toEqual(merge(all));
      }),
    ));

  test('has at every minute the largest severity of all that are under way, and no overlaps', () =>
    fc.assert(
      fc.property(downtimes(), fc.integer({ min: 0, max: HISTORY_MINUTES }), (all, minute) => {
        const severityAt = (each: ReturnType<typeof merge>) =>
          each.filter(({ from, to }) => from <= moment && moment < to).map(({ severity }) => severity);
        const moments = [BEGIN + minute * MINUTE, ...all.flatMap(({ from, to }) => [from, to - 1, to])];
        let moment = 0;
        for (moment of moments) {
          const largest = Math.max(0, ...severityAt(all));
          expect(severityAt(merge(all))).toEqual(largest > 0 ? [largest] : []);
        }
        const merged = merge(all);
        expect(merged).toEqual([...merged].sort((a, b) => a.from - b.from));
      }),
    ));

  test('handles ten thousand downtimes that all overlap', () => {
    const all = Array.from({ length: 10_000 }, (_each, i) => down(i, 30_000 - i, (i + 1) / 10_000));
    expect(merge(all)).toHaveLength(19_999);
  });
});

test('clipping keeps the downtime between two moments', () => {
  expect(clip([down(0, 5), down(6, 10, 0.5), down(12, 14)], 3, 8)).toEqual([down(3, 5), down(6, 8, 0.5)]);
});

test('the total is weighted by severity', () => {
  expect(total([down(0, 10), down(10, 20, 0.25), down(20, 21, 4)])).toBe(16.5);
});

import * as fc from 'fast-check';
import { type Block, blockAt, joined } from '../../../lib/budget/block';
import { clip, merge, total } from '../../../lib/budget/downtime';
import { allowancesIn, allowedMinutes, MONTH_MINUTES } from '../../../lib/budget/objective';
import { blocksOf, budgetStateAt } from '../../../lib/budget/policy';
import { Calendar } from '../../../lib/core/calendar';
import { BEGIN, DAY, downtimes, HISTORY_MINUTES, MINUTE, objectives, policies, timeZones } from './arbitraries';
import { countMinutes, monthOracle, rollingOracle } from './oracle';

/** Returns true if every moment of these is one of those. */
const covers = (those: readonly Block[], these: readonly Block[]): boolean =>
  joined(these).every((each) => joined(those).some(({ from, to }) => from <= each.from && each.to <= to));

test('more downtime never unblocks', () =>
  fc.assert(
    fc.property(policies, objectives, downtimes(), downtimes(), (policy, objective, some, more) => {
      expect(covers(blocksOf(policy, objective, [...some, ...more]), blocksOf(policy, objective, some))).toBe(true);
    }),
    { numRuns: 500 },
  ));

test('worse downtime never unblocks', () =>
  fc.assert(
    fc.property(policies, objectives, downtimes(), (policy, objective, all) => {
      const worse = all.map((each) => ({ ...each, severity: each.severity * 2 }));
      expect(covers(blocksOf(policy, objective, worse), blocksOf(policy, objective, all))).toBe(true);
    }),
    { numRuns: 300 },
  ));

test('a stricter objective never unblocks', () =>
  fc.assert(
    fc.property(policies, downtimes(), (policy, all) => {
      expect(covers(blocksOf(policy, 99.95, all), blocksOf(policy, 99.9, all))).toBe(true);
    }),
    { numRuns: 300 },
  ));

test('blocks end at the moment that they name', () =>
  fc.assert(
    fc.property(policies, objectives, downtimes(), (policy, objective, all) => {
      const blocks = blocksOf(policy, objective, all);
      for (const { from, to } of joined(blocks)) {
        expect(blockAt(blocks, from - 1)).toBeUndefined();
        expect(blockAt(blocks, from)?.to).toBe(to);
        expect(blockAt(blocks, to - 1)?.to).toBe(to);
        expect(blockAt(blocks, to)).toBeUndefined();
        // The gate's view on the way, when nothing more has gone down since.
        const now = Math.max(from + 1, Math.min(to - 1, Math.max(...all.map((each) => each.to))));
        expect(budgetStateAt(policy, objective, all, now)).toMatchObject({ since: from, until: to });
        expect(budgetStateAt(policy, objective, all, to).until).toBeUndefined();
      }
    }),
    { numRuns: 300 },
  ));

test('a rolling window holds exactly the allowance when its block begins and when it ends', () =>
  fc.assert(
    fc.property(fc.constantFrom(60, 1_440, 40_320), objectives, downtimes(), (windowMinutes, objective, all) => {
      for (const { from, to } of blocksOf({ kind: 'UNTIL_RECOVERED', windowMinutes }, objective, all)) {
        for (const moment of [from, to]) {
          const inWindow = clip(merge(all), moment - windowMinutes * MINUTE, moment);
          // Half a millisecond of the largest severity, which comes in as fast as it goes out.
          expect(Math.abs(total(inWindow) - allowedMinutes(objective, windowMinutes) * MINUTE)).toBeLessThan(2.1);
        }
      }
    }),
    { numRuns: 300 },
  ));

test('no month blocks for longer than the maximum block, which never makes a block begin or end later', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 * 1_440 }),
      timeZones,
      objectives,
      downtimes(),
      (maxBlockMinutes, timeZone, objective, all) => {
        const bounded = blocksOf({ kind: 'CARRY_OVER', timeZone, maxBlockMinutes }, objective, all);
        const free = blocksOf({ kind: 'CARRY_OVER', timeZone }, objective, all);
        expect(bounded.map(({ from, to }) => [from, to])).toEqual(
          free.map(({ from, to }) => [from, Math.min(to, from + maxBlockMinutes * MINUTE)]),
        );
      },
    ),
  ));

test('carry over blocks whole calendar months of its zone', () =>
  fc.assert(
    fc.property(timeZones, objectives, downtimes(), (timeZone, objective, all) => {
      const calendar = new Calendar(timeZone);
      for (const { from, to, downMinutes, allowedMinutes: allowed } of blocksOf(
        { kind: 'CARRY_OVER', timeZone },
        objective,
        all,
      )) {
        expect(to).toBe(calendar.startOfMonth(from, 1 + Math.ceil(downMinutes / allowed)));
      }
    }),
  ));

describe('counting minutes finds the same', () => {
  const few = downtimes(5);
  const minutes = HISTORY_MINUTES + 20 * 1_440;
  const agrees = (blocks: readonly Block[], oracle: readonly (boolean | undefined)[]) => {
    const all = joined(blocks);
    let index = 0;
    const wrong = oracle.findIndex((expected, minute) => {
      const moment = BEGIN + minute * MINUTE;
      while (all[index] && all[index].to <= moment) index++;
      const isBlocked = index < all.length && all[index].from <= moment;
      return expected !== undefined && expected !== isBlocked;
    });
    expect(wrong).toBe(-1);
  };

  test('for a rolling window', () =>
    fc.assert(
      fc.property(few, objectives, fc.constantFrom(60, 1_440, 40_320), (all, objective, windowMinutes) => {
        agrees(
          blocksOf({ kind: 'UNTIL_RECOVERED', windowMinutes }, objective, all),
          rollingOracle(countMinutes(all, minutes), windowMinutes, allowedMinutes(objective, windowMinutes)),
        );
      }),
      { numRuns: 40 },
    ));

  test('for calendar months, with and without carry over', () =>
    fc.assert(
      fc.property(few, objectives, (all, objective) => {
        const severities = countMinutes(all, minutes);
        const allowed = allowedMinutes(objective, MONTH_MINUTES);
        agrees(
          blocksOf({ kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone: 'UTC' }, objective, all),
          monthOracle(severities, allowed, () => 0),
        );
        agrees(
          blocksOf({ kind: 'CARRY_OVER', timeZone: 'UTC' }, objective, all),
          monthOracle(severities, allowed, (down) => allowancesIn(down, allowed)),
        );
      }),
      { numRuns: 20 },
    ));
});

test('a month of minutes with a weight each is added up', () => {
  const buckets = Array.from({ length: 28 * 1_440 }, (_each, i) => ({
    from: BEGIN + i * MINUTE,
    to: BEGIN + (i + 1) * MINUTE,
    severity: (i % 97) / 50_000,
  }));
  const standing = budgetStateAt({ kind: 'UNTIL_RECOVERED', windowMinutes: 40_320 }, 99.9, buckets, BEGIN + 28 * DAY);

  expect(standing.downMinutes).toBeCloseTo(38.7, 0);
});

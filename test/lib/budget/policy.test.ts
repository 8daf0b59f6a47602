import { blockAt, joined } from '../../../lib/budget/block';
import type { BudgetPolicyConfig } from '../../../lib/budget/config';
import type { Downtime } from '../../../lib/budget/downtime';
import { blocksOf, budgetStateAt } from '../../../lib/budget/policy';
import { at, MINUTE } from './arbitraries';

const CARRY_OVER: BudgetPolicyConfig = { kind: 'CARRY_OVER', timeZone: 'UTC' };
const IN_MONTH: BudgetPolicyConfig = { kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone: 'UTC' };
const ROLLING: BudgetPolicyConfig = { kind: 'UNTIL_RECOVERED', windowMinutes: 28 * 1_440 };

const down = (from: string, minutes: number, severity = 1): Downtime => ({
  from: at(from),
  to: at(from) + minutes * MINUTE,
  severity,
});

/** Only the parts that one reads at a glance. */
const shown = (blocks: ReturnType<typeof blocksOf>) =>
  blocks.map(({ from, to, reason }) => [new Date(from).toISOString(), new Date(to).toISOString(), reason]);

describe('the book’s example: 99.99 %, 12 min down in March', () => {
  const blocks = blocksOf(CARRY_OVER, 99.99, [down('2026-03-10T10:00:00Z', 12)]);

  test('blocks the rest of March and the next three calendar months, and names its end', () => {
    expect(shown(blocks)).toEqual([
      [
        // 4.383 min later.
        '2026-03-10T10:04:22.980Z',
        '2026-07-01T00:00:00.000Z',
        '12.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 3 calendar months',
      ],
    ]);
    expect(blocks[0]).toMatchObject({ downMinutes: 12, allowedMinutes: 4.383 });
  });

  test('blocks to the last millisecond of June, and not in July', () => {
    expect(blockAt(blocks, at('2026-03-10T10:04:22.979Z'))).toBeUndefined();
    expect(blockAt(blocks, at('2026-03-10T10:04:22.980Z'))).toMatchObject({ causes: blocks });
    expect(blockAt(blocks, at('2026-06-30T23:59:59.999Z'))).toMatchObject({ to: at('2026-07-01T00:00:00Z') });
    expect(blockAt(blocks, at('2026-07-01T00:00:00Z'))).toBeUndefined();
  });
});

describe('carry over', () => {
  test('lets the later end count where blocks overlap, and adds nothing up', () => {
    const blocks = blocksOf(CARRY_OVER, 99.99, [down('2026-03-10T10:00:00Z', 12), down('2026-04-02T00:00:00Z', 5)]);

    expect(blocks.map(({ to }) => to)).toEqual([at('2026-07-01T00:00:00Z'), at('2026-07-01T00:00:00Z')]);
    expect(joined(blocks)).toEqual([
      { from: at('2026-03-10T10:04:22.980Z'), to: at('2026-07-01T00:00:00Z'), causes: blocks },
    ]);
  });

  test('is blocked without a gap from one month into another, and names both causes', () => {
    const blocks = blocksOf(CARRY_OVER, 99.99, [down('2026-03-10T10:00:00Z', 5), down('2026-05-20T00:00:00Z', 9)]);

    expect(blockAt(blocks, at('2026-04-01T00:00:00Z'))).toEqual({
      from: at('2026-03-10T10:04:22.980Z'),
      to: at('2026-09-01T00:00:00Z'),
      causes: blocks,
    });
  });

  test('blocks nothing at exactly the allowance, and a millisecond more blocks two more months', () => {
    const exactly: Downtime = { from: at('2026-03-10T10:00:00Z'), to: at('2026-03-10T10:04:22.980Z'), severity: 1 };

    expect(blocksOf(CARRY_OVER, 99.99, [exactly])).toEqual([]);
    expect(shown(blocksOf(CARRY_OVER, 99.99, [{ ...exactly, to: exactly.to + 1 }]))).toEqual([
      [
        '2026-03-10T10:04:22.980Z',
        '2026-06-01T00:00:00.000Z',
        '4.4 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 2 calendar months',
      ],
    ]);
  });

  test('counts an outage over the end of a month in both', () => {
    const blocks = blocksOf(CARRY_OVER, 99.99, [down('2026-03-31T23:55:00Z', 11)]);

    expect(shown(blocks)).toEqual([
      [
        '2026-03-31T23:59:22.980Z',
        '2026-06-01T00:00:00.000Z',
        '5.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 2 calendar months',
      ],
      [
        '2026-04-01T00:04:22.980Z',
        '2026-07-01T00:00:00.000Z',
        '6.0 min down in 2026-04 > 4.38 min allowed: blocks the rest of it and the next 2 calendar months',
      ],
    ]);
  });

  test('counts months by the clocks of its zone', () => {
    const inIndia: BudgetPolicyConfig = { kind: 'CARRY_OVER', timeZone: 'Asia/Kolkata' };
    const [block] = blocksOf(inIndia, 99.99, [down('2026-03-31T19:00:00Z', 12)]);

    expect(new Date(block.to).toISOString()).toBe('2026-07-31T18:30:00.000Z');
    expect(block.reason).toContain('12.0 min down in 2026-04');
  });

  test('adds up partial downtime by its severity', () => {
    const half = [down('2026-03-10T10:00:00Z', 6, 0.5), down('2026-03-12T10:00:00Z', 6, 0.5)];
    const [block] = blocksOf(CARRY_OVER, 99.99, half);

    // 3 min, and 1.383 min of the second.
    expect(new Date(block.from).toISOString()).toBe('2026-03-12T10:02:45.960Z');
    expect(block.downMinutes).toBe(6);
  });

  describe('with a maximum block', () => {
    const bounded: BudgetPolicyConfig = { kind: 'CARRY_OVER', timeZone: 'UTC', maxBlockMinutes: 30 * 1_440 };

    test('ends that long after the month went over, whatever else goes down in the same month', () => {
      const first = down('2026-03-10T10:00:00Z', 12);
      const [block] = blocksOf(bounded, 99.99, [first]);
      const [worse] = blocksOf(bounded, 99.99, [first, down('2026-03-30T10:00:00Z', 600)]);

      expect(new Date(block.to).toISOString()).toBe('2026-04-09T10:04:22.980Z');
      expect(worse).toMatchObject({ from: block.from, to: block.to });
      expect(block.reason).toBe(
        '12.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 3 calendar months, but at most 30 days',
      );
    });

    test('blocks again for another month', () => {
      const blocks = blocksOf(bounded, 99.99, [down('2026-03-10T10:00:00Z', 12), down('2026-04-02T10:00:00Z', 12)]);

      expect(joined(blocks)).toMatchObject([{ to: at('2026-05-02T10:04:22.980Z'), causes: blocks }]);
    });

    test('does not change a block that ends before', () => {
      const long: BudgetPolicyConfig = { ...bounded, maxBlockMinutes: 365 * 1_440 };

      expect(blocksOf(long, 99.99, [down('2026-03-10T10:00:00Z', 12)])).toEqual(
        blocksOf(CARRY_OVER, 99.99, [down('2026-03-10T10:00:00Z', 12)]),
      );
    });
  });

  test('of a downtime that can never be paid for ends with the year 9999', () => {
    const [block] = blocksOf(CARRY_OVER, 99.9999999, [down('2026-03-01T00:00:00Z', 31 * 1_440)]);

    expect(new Date(block.to).toISOString()).toBe('9999-12-31T23:59:59.999Z');
  });
});

test('until recovered in the month: blocks its rest only', () => {
  expect(shown(blocksOf(IN_MONTH, 99.99, [down('2026-03-10T10:00:00Z', 12)]))).toEqual([
    [
      '2026-03-10T10:04:22.980Z',
      '2026-04-01T00:00:00.000Z',
      '12.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it',
    ],
  ]);
});

describe('until recovered', () => {
  test('blocks until enough of the downtime is older than the window', () => {
    // 28 days at 99.9 % allow 40.32 min.
    const blocks = blocksOf(ROLLING, 99.9, [down('2026-03-01T00:00:00Z', 30), down('2026-03-10T10:00:00Z', 20)]);

    expect(shown(blocks)).toEqual([
      [
        '2026-03-10T10:10:19.200Z',
        '2026-03-29T00:09:40.800Z',
        '50.0 min down within 28 days > 40.32 min allowed: blocks until the window is back within that',
      ],
    ]);
  });

  test('blocks nothing at exactly the allowance', () => {
    const exactly: Downtime = { from: at('2026-03-01T00:00:00Z'), to: at('2026-03-01T00:40:19.200Z'), severity: 1 };

    expect(blocksOf(ROLLING, 99.9, [exactly])).toEqual([]);
    expect(blocksOf(ROLLING, 99.9, [{ ...exactly, to: exactly.to + 1 }])).toHaveLength(1);
  });

  test('blocks while more than the window is down', () => {
    const [block] = blocksOf({ kind: 'UNTIL_RECOVERED', windowMinutes: 60 }, 50, [down('2026-03-01T00:00:00Z', 180)]);

    expect(new Date(block.from).toISOString()).toBe('2026-03-01T00:30:00.000Z');
    expect(new Date(block.to).toISOString()).toBe('2026-03-01T03:30:00.000Z');
    expect(block.downMinutes).toBe(60);
  });
});

describe('the standing at a moment', () => {
  const history = [down('2026-03-10T10:00:00Z', 12), down('2026-04-20T10:00:00Z', 3)];

  test('is that of the month, and is blocked by an earlier month until the end of its block', () => {
    expect(budgetStateAt(CARRY_OVER, 99.99, history, at('2026-05-01T00:00:00Z'))).toEqual({
      downMinutes: 0,
      allowedMinutes: 4.383,
      leftPercent: 100,
      since: at('2026-03-10T10:04:22.980Z'),
      until: at('2026-07-01T00:00:00Z'),
      causes: [expect.objectContaining({ downMinutes: 12 })],
    });
  });

  test('ignores later downtime', () => {
    const standing = budgetStateAt(CARRY_OVER, 99.99, history, at('2026-03-10T10:04:00Z'));

    expect(standing).toMatchObject({ downMinutes: 4, since: undefined, until: undefined, causes: [] });
    expect(standing.leftPercent).toBeCloseTo(100 * (1 - 4 / 4.383), 9);
  });

  test('of an outage that goes on is blocked by its downtime so far', () => {
    // 5 min: two more months, not yet three.
    expect(budgetStateAt(CARRY_OVER, 99.99, history, at('2026-03-10T10:05:00Z'))).toMatchObject({
      downMinutes: 5,
      until: at('2026-06-01T00:00:00Z'),
      causes: [{ downMinutes: 5 }],
    });
  });

  test('is overspent below 0', () => {
    expect(budgetStateAt(IN_MONTH, 99.99, history, at('2026-03-20T00:00:00Z')).leftPercent).toBeCloseTo(-173.785, 3);
  });

  test('of a rolling window is that of the window which ends now', () => {
    expect(budgetStateAt(ROLLING, 99.99, history, at('2026-04-07T10:06:00Z'))).toMatchObject({
      downMinutes: 6,
      allowedMinutes: 4.032,
      since: at('2026-03-10T10:04:01.920Z'),
      until: at('2026-04-07T10:07:58.080Z'),
    });
    expect(budgetStateAt(ROLLING, 99.99, history, at('2026-04-20T10:02:00Z'))).toMatchObject({ downMinutes: 2 });
  });
});

test('blocks that touch are one, and those apart are not', () => {
  const block = (from: number, to: number) => ({ from, to, reason: 'r', downMinutes: 2, allowedMinutes: 1 });

  expect(joined([block(20, 30), block(0, 5), block(5, 10), block(1, 2)])).toEqual([
    { from: 0, to: 10, causes: [block(0, 5), block(1, 2), block(5, 10)] },
    { from: 20, to: 30, causes: [block(20, 30)] },
  ]);
});

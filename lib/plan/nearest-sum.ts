import { add } from './ideal-shares';

/** A whole number to be chosen, and what one of it adds to the sum. */
export interface Summand {
  readonly weight: bigint;
  /** The smallest number that may be chosen. */
  readonly from: number;
  /** The largest number that may be chosen. */
  readonly to: number;
  /** Where the number would best be, times `Goal.denominator`. */
  readonly ideal: bigint;
}

export interface Goal {
  readonly sum: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly denominator: bigint;
}

/** One choice of numbers, in the order of the summands. */
export interface Candidate {
  readonly sum: bigint;
  /** Sum of the squared distances from the ideals, times the square of `Goal.denominator`. */
  readonly distance: bigint;
  readonly numbers: readonly number[];
}

/**
 * How many sums are made of one half's sums with one more summand. Two to the 15th: of 30 summands with two numbers each, all
 * are looked at. It keeps the work the same however wide the ranges are.
 */
const SUMS = 32_768;

/** From the smallest to the largest sum that is of use. */
interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Chooses the numbers whose weighted sum is nearest to the goal and not outside of its bounds. Of equally near sums it
 * takes the smaller, then the one with the least `distance`, then the one that is lexicographically first.
 *
 * It meets in the middle: all sums of the first half of the summands against all of the second. A sum that can be had in
 * several ways is kept once, so that shares of traffic in whole percent stay cheap with any number of regions, and what
 * cannot become as near as a sum that is easily found is left out, so that one region with nearly all traffic is cheap.
 *
 * The result is exact as long as no summand turns its half's sums of use into more than 32,768, as with 30 summands of two
 * numbers, 14 of four, or 6 of thirty. Beyond that, of sums that lie close together one stands for all: the result is then a
 * true choice inside the bounds, but a nearer one may exist, and where hardly any is inside the bounds, none may be found.
 *
 * @param summands those with the largest weights first: then more can be left out
 * @returns undefined if there is no choice inside the bounds
 */
export function nearestSum(summands: readonly Summand[], goal: Goal): Candidate | undefined {
  const easy = oneAfterTheOther(summands, goal.sum);
  // Nothing is known to be as near as a sum outside of the bounds.
  const off = easy < goal.minimum || easy > goal.maximum ? undefined : difference(easy, goal.sum);
  const from = off === undefined ? goal.minimum : max(goal.minimum, goal.sum - off);
  const to = off === undefined ? goal.maximum : min(goal.maximum, goal.sum + off);
  const middle = summands.length >> 1;
  const [first, second] = [summands.slice(0, middle), summands.slice(middle)];
  const lower = sums(first, goal.denominator, [{ from: from - highest(second), to: to - lowest(second) }]);
  const complements = lower.map(({ sum }) => ({ from: from - sum, to: to - sum })).reverse();
  const upper = sums(second, goal.denominator, complements);
  const sum = nearestTotal(lower, upper, goal);
  if (sum === undefined) {
    return undefined;
  }
  const bySum = new Map(upper.map((candidate) => [candidate.sum, candidate]));
  let best: Candidate | undefined;
  for (const a of lower) {
    const b = bySum.get(sum - a.sum);
    if (b) {
      best = better(best, { sum, distance: a.distance + b.distance, numbers: [...a.numbers, ...b.numbers] });
    }
  }
  return best;
}

/** A sum near the goal: each number the one after which the rest can still come nearest. */
function oneAfterTheOther(summands: readonly Summand[], goal: bigint): bigint {
  let [low, high] = [lowest(summands), highest(summands)];
  for (const { weight, from, to } of summands) {
    const width = weight * BigInt(to - from);
    let best: { readonly steps: bigint; readonly off: bigint } | undefined;
    for (let steps = 0n; steps <= BigInt(to - from); steps++) {
      const least = low + steps * weight;
      const most = high - width + steps * weight;
      const off = least > goal ? least - goal : most < goal ? goal - most : 0n;
      if (!best || off < best.off) {
        best = { steps, off };
      }
    }
    const steps = best?.steps ?? 0n;
    low += steps * weight;
    high += steps * weight - width;
  }
  return low;
}

/**
 * The different sums of these summands, ascending, each in its best way.
 *
 * @param useful all others are left out; ascending in both ends
 */
function sums(summands: readonly Summand[], denominator: bigint, useful: readonly Interval[]): Candidate[] {
  let reached: Candidate[] = [{ sum: 0n, distance: 0n, numbers: [] }];
  summands.forEach(({ weight, from, to, ideal }, i) => {
    const rest = summands.slice(i + 1);
    const [least, most] = [lowest(rest), highest(rest)];
    const next = new Map<bigint, Candidate>();
    for (const { sum, distance, numbers } of thin(reached, Math.floor(SUMS / (to - from + 1)))) {
      for (let number = from; number <= to; number++) {
        const total = sum + weight * BigInt(number);
        if (meets(useful, total + least, total + most)) {
          const off = BigInt(number) * denominator - ideal;
          const way = { sum: total, distance: distance + off * off, numbers: [...numbers, number] };
          next.set(total, better(next.get(total), way));
        }
      }
    }
    reached = [...next.values()].sort((a, b) => compare(a.sum, b.sum));
  });
  return reached;
}

/** Whether one of the intervals has a sum from..to. */
function meets(intervals: readonly Interval[], from: bigint, to: bigint): boolean {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intervals[middle].to < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < intervals.length && intervals[low].from <= to;
}

/** Of too many sums, the best one of each equally wide part of their range. */
function thin(ascending: Candidate[], limit: number): Candidate[] {
  if (ascending.length <= limit) {
    return ascending;
  }
  const start = ascending[0].sum;
  const range = ascending[ascending.length - 1].sum - start + 1n;
  const kept = new Map<bigint, Candidate>();
  for (const candidate of ascending) {
    const part = ((candidate.sum - start) * BigInt(limit)) / range;
    kept.set(part, better(kept.get(part), candidate));
  }
  return [...kept.values()];
}

/** The nearest sum of one of each list inside the bounds. Both lists ascend, so that one pass over each is enough. */
function nearestTotal(lower: readonly Candidate[], upper: readonly Candidate[], goal: Goal): bigint | undefined {
  let best: bigint | undefined;
  let at = upper.length - 1;
  const consider = (total: bigint) => {
    if (total < goal.minimum || total > goal.maximum) {
      return;
    }
    const order = best === undefined ? -1 : compare(difference(total, goal.sum), difference(best, goal.sum));
    if (best === undefined || order < 0 || (order === 0 && total < best)) {
      best = total;
    }
  };
  for (const { sum } of lower) {
    while (at >= 0 && sum + upper[at].sum > goal.sum) {
      at--;
    }
    if (at >= 0) {
      consider(sum + upper[at].sum);
    }
    if (at + 1 < upper.length) {
      consider(sum + upper[at + 1].sum);
    }
  }
  return best;
}

/** Of two ways to the same sum, or two sums of the same part, the one to keep. */
function better(a: Candidate | undefined, b: Candidate): Candidate {
  if (!a) {
    return b;
  }
  const order = compare(a.distance, b.distance) || lexicographic(a.numbers, b.numbers);
  return order <= 0 ? a : b;
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

export const difference = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const lowest = (summands: readonly Summand[]): bigint => add(summands.map(({ weight, from }) => weight * BigInt(from)));

const highest = (summands: readonly Summand[]): bigint => add(summands.map(({ weight, to }) => weight * BigInt(to)));

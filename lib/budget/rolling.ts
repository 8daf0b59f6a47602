import type { Block } from './block';
import type { Downtime } from './downtime';
import { allowedMinutes, limitOf, MINUTE } from './objective';
import { showAllowed, showDown, showDuration } from './show';

/**
 * Blocks while the downtime in the last `windowMinutes` is over the objective's allowance for that time. The block ends
 * when the window is back at the allowance, because enough of the downtime is older than the window.
 *
 * @param downtimes merged
 */
export function rollingBlocks(
  windowMinutes: number,
  objective: number,
  downtimes: readonly Downtime[],
): readonly Block[] {
  const allowed = allowedMinutes(objective, windowMinutes);
  const limit = limitOf(allowed) * MINUTE;
  const blocks: Block[] = [];
  let from = 0;
  let most = 0;
  let before: Point = { at: 0, down: 0 };
  for (const point of curve(downtimes, windowMinutes * MINUTE)) {
    if (before.down <= limit && point.down > limit) {
      from = crossing(before, point, limit);
      most = 0;
    }
    most = Math.max(most, point.down);
    if (before.down > limit && point.down <= limit) {
      const to = crossing(before, point, limit);
      if (to > from) blocks.push(block(from, to, most / MINUTE, allowed, windowMinutes));
    }
    before = point;
  }
  return blocks;
}

function block(from: number, to: number, down: number, allowed: number, windowMinutes: number): Block {
  const minutes = `${showDown(down, allowed)} min down within ${showDuration(windowMinutes)}`;
  const reason = `${minutes} > ${showAllowed(allowed)} min allowed: blocks until the window is back within that`;
  return { from, to, reason, downMinutes: down, allowedMinutes: allowed };
}

/** Downtime in the window that ends at a moment, in weighted milliseconds. */
interface Point {
  readonly at: number;
  readonly down: number;
}

/** Yields the points between which the window's downtime grows or shrinks evenly. */
function* curve(downtimes: readonly Downtime[], window: number): Generator<Point> {
  const edges = downtimes.flatMap(({ from, to }) => [from, to, from + window, to + window]);
  const entered = runningTotal(downtimes);
  const left = runningTotal(downtimes);
  for (const at of Float64Array.from(edges).sort()) yield { at, down: entered(at) - left(at - window) };
}

/** Returns a function that sums all downtime up to a moment. Callers must go forward in time. */
function runningTotal(downtimes: readonly Downtime[]): (moment: number) => number {
  let index = 0;
  let past = 0;
  return (moment) => {
    for (; index < downtimes.length && downtimes[index].to <= moment; index++) {
      past += (downtimes[index].to - downtimes[index].from) * downtimes[index].severity;
    }
    const current = downtimes.at(index);
    return current && current.from < moment ? past + (moment - current.from) * current.severity : past;
  };
}

/** Finds when a straight line between two points is at a height, to the millisecond. */
const crossing = (a: Point, b: Point, height: number): number =>
  Math.round(a.at + ((height - a.down) / (b.down - a.down)) * (b.at - a.at));

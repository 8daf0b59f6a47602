import { type Calendar, monthName } from '../core/calendar';
import type { Block } from './block';
import type { Downtime } from './downtime';
import { allowancesIn, allowedMinutes, limitOf, MINUTE, MONTH_MINUTES } from './objective';
import { showAllowed, showDown, showDuration } from './show';

/** Blocks for the rest of a calendar month from the moment at which its downtime goes over the allowance of a month. */
export function monthBlocks(calendar: Calendar, objective: number, downtimes: readonly Downtime[]): readonly Block[] {
  return overspentMonths(calendar, objective, downtimes).map(({ month, words, ...over }) => ({
    ...over,
    to: calendar.startOf(month + 1),
    reason: `${words}: blocks the rest of it`,
  }));
}

/**
 * Blocks by the book's rule, for a calendar month with downtime D over its allowance B. From the moment it went over,
 * the block lasts for the rest of the month and the next ⌈D / B⌉ calendar months.
 *
 * @param maxBlockMinutes maximum block of one month, from the moment it went over. More downtime in the same month does
 * not lengthen its block; downtime in a later month blocks again
 */
export function carryOverBlocks(
  calendar: Calendar,
  objective: number,
  downtimes: readonly Downtime[],
  maxBlockMinutes = Number.POSITIVE_INFINITY,
): readonly Block[] {
  return overspentMonths(calendar, objective, downtimes).map(({ month, words, ...over }) => {
    const months = allowancesIn(over.downMinutes, over.allowedMinutes);
    const end = calendar.startOf(month + 1 + months);
    const to = Math.min(end, over.from + maxBlockMinutes * MINUTE);
    const next = months === 1 ? 'the next calendar month' : `the next ${months} calendar months`;
    const most = to < end ? `, but at most ${showDuration(maxBlockMinutes)}` : '';
    return { ...over, to, reason: `${words}: blocks the rest of it and ${next}${most}` };
  });
}

interface OverspentMonth extends Omit<Block, 'to' | 'reason'> {
  readonly month: number;
  readonly words: string;
}

function overspentMonths(
  calendar: Calendar,
  objective: number,
  downtimes: readonly Downtime[],
): readonly OverspentMonth[] {
  const allowed = allowedMinutes(objective, MONTH_MINUTES);
  const limit = limitOf(allowed) * MINUTE;
  const overspent: OverspentMonth[] = [];
  for (const [month, pieces] of byMonth(calendar, downtimes)) {
    let down = 0;
    let from: number | undefined;
    for (const piece of pieces) {
      const more = (piece.to - piece.from) * piece.severity;
      if (from === undefined && down + more > limit) from = Math.round(piece.from + (limit - down) / piece.severity);
      down += more;
    }
    if (from === undefined) continue;
    const downMinutes = down / MINUTE;
    const words = `${showDown(downMinutes, allowed)} min down in ${monthName(month)} > ${showAllowed(allowed)} min allowed`;
    overspent.push({ month, from, downMinutes, allowedMinutes: allowed, words });
  }
  return overspent;
}

/** Groups downtimes by month, cut where a month ends. */
function byMonth(calendar: Calendar, downtimes: readonly Downtime[]): ReadonlyMap<number, readonly Downtime[]> {
  const months = new Map<number, Downtime[]>();
  let month = downtimes.length > 0 ? calendar.monthAt(downtimes[0].from) : 0;
  for (const { from, to, severity } of downtimes) {
    if (from >= calendar.startOf(month + 1)) month = calendar.monthAt(from);
    for (let begin = from; begin < to; ) {
      const end = Math.min(to, calendar.startOf(month + 1));
      const pieces = months.get(month) ?? [];
      months.set(month, pieces);
      pieces.push({ from: begin, to: end, severity });
      begin = end;
      if (begin < to) month++;
    }
  }
  return months;
}

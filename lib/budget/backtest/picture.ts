import { type Calendar, monthName } from '../../core/calendar';
import { isoTime } from '../../core/time';
import type { Replay } from './replay';
import { shownMonths } from './shown-months';

const SERVED = '·';
const DOWN = 'x';
const BLOCKED = '█';
const DOWN_WHILE_BLOCKED = 'X';
const BLOCKED_AFTER = '░';

/** Legend of the characters; fits 80 columns. */
export const LEGEND = `${SERVED} served  ${DOWN} down  ${BLOCKED} blocked  ${DOWN_WHILE_BLOCKED} down while blocked  ${BLOCKED_AFTER} blocked after the history`;

/**
 * Draws the history for a terminal: a row for each calendar month, a character for each day. A block or a downtime at
 * any time of a day shows.
 */
export function picture(replay: Replay, calendar: Calendar): readonly string[] {
  const { begin, end, downtimes, blocks } = replay;
  const { first, last } = shownMonths([replay], calendar);
  const isDown = meets(downtimes);
  const isBlocked = meets(blocks);
  const day = (from: number, to: number): string => {
    if (to <= begin || to <= from) return ' ';
    const blocked = isBlocked(from, to);
    if (from >= end) return blocked ? BLOCKED_AFTER : ' ';
    if (isDown(from, to)) return blocked ? DOWN_WHILE_BLOCKED : DOWN;
    return blocked ? BLOCKED : SERVED;
  };
  const rows: string[] = [`${' '.repeat(9)}${RULER}`];
  for (let month = first; month <= last; month++) {
    const days = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
    const edges = Array.from({ length: days + 1 }, (_each, index) => calendar.startOfDay(month, index + 1));
    const row = edges.slice(1).map((to, index) => day(edges[index], to));
    rows.push(`${monthName(month)}  ${row.join('')}`.trimEnd());
  }
  const rest = blocks.at(-1)?.to ?? end;
  return rest > calendar.startOf(last + 1) ? [...rows, `…        blocked until ${isoTime(rest)}`] : rows;
}

const RULER = [1, 5, 10, 15, 20, 25, 30].reduce((row, each) => row.padEnd(each - 1) + each, '');

/** Returns a function that checks whether a span of time meets one of these. Callers must go forward in time. */
function meets(sorted: readonly { readonly from: number; readonly to: number }[]) {
  let index = 0;
  return (from: number, to: number): boolean => {
    while (index < sorted.length && sorted[index].to <= from) index++;
    return index < sorted.length && sorted[index].from < to;
  };
}

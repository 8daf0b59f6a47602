import type { Calendar } from '../../core/calendar';
import type { Replay } from './replay';

/** Maximum months that a picture shows after the history. */
const MONTHS_AFTER = 12;

export interface ShownMonths {
  readonly first: number;
  readonly last: number;
}

/** Finds the calendar months of a picture: those of the history, and up to a year more of blocked ones. */
export function shownMonths(replays: readonly Replay[], calendar: Calendar): ShownMonths {
  const [{ begin, end }] = replays;
  const last = calendar.monthAt(end - 1);
  const blocked = Math.max(end, ...replays.map(({ blocks }) => blocks.at(-1)?.to ?? end));
  return {
    first: calendar.monthAt(begin),
    last: Math.min(last + MONTHS_AFTER, calendar.monthAt(blocked - 1)),
  };
}

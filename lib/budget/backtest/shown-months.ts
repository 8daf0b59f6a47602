import type { Calendar } from '../../core/calendar';
import type { Replay } from './replay';

/** What blocks for longer after the history is cut off in a picture. */
const MONTHS_AFTER = 12;

export interface ShownMonths {
  readonly first: number;
  readonly last: number;
}

/** The calendar months that a picture shows: those of the history, and those in which it still blocks, up to a year more. */
export function shownMonths(replays: readonly Replay[], calendar: Calendar): ShownMonths {
  const [{ begin, end }] = replays;
  const last = calendar.monthAt(end - 1);
  const blocked = Math.max(end, ...replays.map(({ blocks }) => blocks.at(-1)?.to ?? end));
  return {
    first: calendar.monthAt(begin),
    last: Math.min(last + MONTHS_AFTER, calendar.monthAt(blocked - 1)),
  };
}

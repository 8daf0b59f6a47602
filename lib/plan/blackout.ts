import { maybe, moment, object, type Shape, text } from '../core/shape';
import { showIso } from '../core/time';

/** Reads a blackout. */
export const blackout = object({
  from: moment,
  /** First moment after the blackout. */
  to: moment,
  reason: maybe(text),
});

/** Time in which no release may be under way. Moments are ISO 8601. */
export type Blackout = Shape<typeof blackout>;

/** Returns true if the blackout overlaps the time from `begin` to `end`, in milliseconds since 1970. */
export const meets = ({ from, to }: Blackout, begin: number, end: number): boolean =>
  begin < Date.parse(to) && end > Date.parse(from);

/** Formats a blackout for a message. */
export function showBlackout({ from, to, reason }: Blackout): string {
  const because = reason ? ` (${reason})` : '';
  return `the blackout from ${showIso(from)} to ${showIso(to)}${because}`;
}

import { maybe, moment, object, type Shape, text } from '../core/shape';
import { showIso } from '../core/time';

/** Reads a blackout. */
export const blackout = object({
  from: moment,
  /** Does not belong to it any more. */
  to: moment,
  reason: maybe(text),
});

/** A time in which no release may be under way. Moments are ISO 8601. */
export type Blackout = Shape<typeof blackout>;

/** Whether anything of the time from `begin` to `end` (milliseconds since 1970) is in the blackout. */
export const meets = ({ from, to }: Blackout, begin: number, end: number): boolean =>
  begin < Date.parse(to) && end > Date.parse(from);

/** For a message. */
export function showBlackout({ from, to, reason }: Blackout): string {
  const because = reason ? ` (${reason})` : '';
  return `the blackout from ${showIso(from)} to ${showIso(to)}${because}`;
}

import { Calendar } from '../../lib/core/calendar';
import { isoTime, parseMoment } from '../../lib/core/time';
import type { Blackout as PlannedBlackout } from '../../lib/plan/blackout';
import { checkTimeZone, known, show } from '../core/validation';
import type { Blackout } from './blackout';

/**
 * Checks the blackouts of a standard, sorts them, and turns their days into moments. Past ones stay: synth has no
 * clock.
 */
export function plannedBlackouts(standard: string, blackouts: readonly Blackout[]): readonly PlannedBlackout[] {
  return blackouts
    .map((each, i) => planned(each, `${standard}: blackouts[${i}]`))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

function planned({ from, to, timeZone = 'UTC', reason }: Blackout, property: string): PlannedBlackout {
  known(timeZone, `${property}.timeZone`);
  checkTimeZone(timeZone, `${property}.timeZone`);
  const begin = moment(from, `${property}.from`, timeZone, 0);
  const end = moment(to, `${property}.to`, timeZone, 1);
  if (begin >= end) {
    throw new Error(
      `${property}.from is ${show(from)}, but must be before to, which is ${show(to)}: change one of the two`,
    );
  }
  if (reason !== undefined && (known(reason, `${property}.reason`).trim() === '' || reason.length > 100)) {
    throw new Error(
      `${property}.reason has ${reason.length} characters, but must have 1–100: write it in few words, or leave it out`,
    );
  }
  return { from: isoTime(begin), to: isoTime(end), ...(reason && { reason }) };
}

/** Reads a moment. A day becomes its beginning, or the beginning of the day that is `daysLater` after it. */
function moment(value: string, property: string, timeZone: string, daysLater: number): number {
  const exact = parseMoment(known(value, property));
  if (exact !== undefined) return exact;
  const midnight = parseMoment(`${value}T00:00Z`);
  if (midnight === undefined) {
    throw new Error(
      `${property} is ${show(value)}, but must be a day such as "2026-12-24" or a moment with an offset such as "2026-12-24T18:00+01:00": ` +
        'write one of the two',
    );
  }
  const day = new Date(midnight);
  const month = day.getUTCFullYear() * 12 + day.getUTCMonth();
  return new Calendar(timeZone).startOfDay(month, day.getUTCDate() + daysLater);
}

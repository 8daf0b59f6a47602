import type { Blackout as PlannedBlackout } from '../../lib/plan/blackout';
import { nextOpening } from '../../lib/plan/window';
import { checkTimeZone, known, show } from '../core/validation';
import type { Blackout } from './blackout';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Checks the blackouts of a standard, and puts them in their order, days as moments. Those that are over stay: synth has no clock. */
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
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString(), ...(reason && { reason }) };
}

/** A moment as it is written; of a day its beginning, or that of a day some days later. */
function moment(value: string, property: string, timeZone: string, daysLater: number): number {
  known(value, property);
  const [, day] = MOMENT.exec(value) ?? [];
  const exact = day !== undefined && startInUtc(day) !== undefined ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(exact)) return exact;
  const start = startInUtc(value);
  if (start === undefined) {
    throw new Error(
      `${property} is ${show(value)}, but must be a day such as "2026-12-24" or a moment with an offset such as "2026-12-24T18:00+01:00": ` +
        'write one of the two',
    );
  }
  return startIn(timeZone, start + daysLater * DAY_MS);
}

/** Of a day that there is. */
function startInUtc(day: string): number | undefined {
  const [, year, month, date] = (DAY.exec(day) ?? []).map(Number);
  const start = Date.UTC(year, month - 1, date);
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day ? undefined : start;
}

/** The first minute of a day by the clocks of a zone; it is not always midnight. No zone is 15 hours ahead. */
function startIn(timeZone: string, startUtc: number): number {
  const day = new Date(startUtc);
  const cron = `* * ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`;
  return nextOpening({ cron, timeZone }, startUtc - 15 * HOUR_MS) ?? startUtc;
}

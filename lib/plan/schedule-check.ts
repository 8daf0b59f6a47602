import { showMoment } from '../core/time';
import { type Blackout, meets, showBlackout } from './blackout';
import type { Schedule } from './schedule';
import { MAX_RELEASE_MINUTES } from './waves';
import { showWindow } from './window';

/** Minutes that a release needs besides its schedule, for publishing, starting and settling. */
export const SPARE_MINUTES = 7 * 24 * 60 - MAX_RELEASE_MINUTES;

const MINUTE = 60_000;

/**
 * Explains, with the dates, why a release must not begin with this schedule: it would meet a blackout, or not end in
 * time. Returns undefined when nothing is wrong.
 */
export function scheduleProblem({ planned, neverOpens }: Schedule, blackouts: readonly Blackout[]): string | undefined {
  if (neverOpens?.window)
    return `the window of ${neverOpens.name}, ${showWindow(neverOpens.window)}, never opens again`;
  const first = planned.at(0);
  const last = planned.at(-1);
  if (!first || !last) return undefined;
  const dates = `${first.name} would begin ${showMoment(first.begins)}, and ${last.name} end ${showMoment(last.ends)}${waits(planned)}`;
  const met = blackouts.filter((each) => meets(each, first.asked, last.ends));
  if (met.length > 0) return `${dates}: that meets ${met.map(showBlackout).join(' and ')}`;
  if (last.ends - first.asked <= MAX_RELEASE_MINUTES * MINUTE) return undefined;
  const hours = Math.ceil((last.ends - first.asked) / 3_600_000);
  return `${dates}: ${hours} h from ${showMoment(first.asked)}, but at most ${MAX_RELEASE_MINUTES / 60} h are allowed, 7 days with ${SPARE_MINUTES / 60} h to spare`;
}

/** Formats for a message which rollouts wait for which windows. */
function waits(planned: Schedule['planned']): string {
  const waiting = planned.flatMap(({ name, asked, begins, window }) =>
    window && begins > asked
      ? [`${name} would wait for its window ${showWindow(window)} until ${showMoment(begins, window.timeZone)}`]
      : [],
  );
  return waiting.length > 0 ? ` (${waiting.join('; ')})` : '';
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isoTime, minutesSince } from '../../core/time';
import type { Return } from '../read-return';
import { returnAll, textOf } from '../return-all';
import type { TargetResult } from './rows';

/** Seconds between two rounds over all targets. */
const PAUSE_SECONDS = 5;

export interface Patience {
  /** Minutes to go on while a target is not on stable. */
  readonly waitMinutes: number;
  /** Prints a line about the progress. */
  readonly print: (line: string) => void;
}

/**
 * Takes step after step, until all targets are on stable, or patience ends.
 *
 * @param mustLookOn returns true if a target that is on stable may still leave it
 */
export async function untilReturned(
  task: Return,
  { waitMinutes, print }: Patience,
  mustLookOn: () => boolean,
): Promise<readonly TargetResult[]> {
  const began = isoTime(Date.now());
  const names = Object.keys(task.plan.environments);
  const found = new Map<string, string | undefined>();
  let last = '';
  for (;;) {
    const targets = await returnAll({ ...task, waitingSince: began }, names);
    for (const { environment, key, serves } of targets) {
      const place = `${environment}/${key}`;
      if (serves !== undefined && !found.has(place)) found.set(place, serves);
    }
    const open = targets.filter(({ state }) => state === 'OPEN');
    const isOver = open.length === 0 && !mustLookOn();
    if (isOver || minutesSince(began, Date.now()) >= waitMinutes) {
      return targets.map((each) => ({ ...each, found: found.get(`${each.environment}/${each.key}`) }));
    }
    const line =
      open.length > 0
        ? open.map(textOf).join('; ')
        : 'all are on stable; a handler that was running may still start deployments';
    if (line !== last) print(line);
    last = line;
    await sleep(PAUSE_SECONDS * 1_000);
  }
}

import { nextOpening, type Window } from './window';

/** Rollout of production, as far as its schedule goes: it begins in its window and then takes that long. */
export interface TimedRollout {
  readonly name: string;
  /** Minutes from the first shift to the end of the observation. */
  readonly minutes: number;
  /** Window in which it begins. Without one it begins when it is due. */
  readonly window?: Window;
}

/** Planned beginning and end of a rollout, in milliseconds since 1970. */
export interface Planned {
  readonly name: string;
  /** Moment at which it could begin if its window were open. */
  readonly asked: number;
  readonly begins: number;
  readonly ends: number;
  readonly window?: Window;
}

/**
 * Schedule of a release. A rollout whose window never opens again has no beginning, and neither have those after it.
 */
export interface Schedule {
  readonly planned: readonly Planned[];
  readonly neverOpens?: TimedRollout;
}

/** Plans rollouts of which the first is due at `from`, if each goes as it should. */
export function releaseSchedule(rollouts: readonly TimedRollout[], from: number): Schedule {
  const planned: Planned[] = [];
  for (const rollout of rollouts) {
    const { name, minutes, window } = rollout;
    const asked = planned.at(-1)?.ends ?? from;
    const begins = window ? nextOpening(window, asked) : asked;
    if (begins === undefined) return { planned, neverOpens: rollout };
    planned.push({ name, asked, begins, ends: begins + minutes * 60_000, window });
  }
  return { planned };
}

import { nextOpening, type Window } from './window';

/** A rollout of production, as far as its schedule goes: it begins in its window and then takes that long. */
export interface TimedRollout {
  readonly name: string;
  /** From the first shift to the end of the observation. */
  readonly minutes: number;
  /** None: it begins when it is asked to. */
  readonly window?: Window;
}

/** When a rollout is planned to begin and to end; milliseconds since 1970. */
export interface Planned {
  readonly name: string;
  /** When it could begin if its window were open. */
  readonly asked: number;
  readonly begins: number;
  readonly ends: number;
  readonly window?: Window;
}

/** A rollout whose window never opens again has no begin, and neither has what follows. */
export interface Schedule {
  readonly planned: readonly Planned[];
  readonly neverOpens?: TimedRollout;
}

/** What begins when, if the first of these rollouts is asked to begin at `from` and each goes as it should. */
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

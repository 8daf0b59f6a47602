import { arrayOf, count, json, moment, optional, record, ShapeError, text } from '../core/shape';
import type { Blackout } from './blackout';
import type { Rollout, RolloutPlan } from './rollout-plan';
import type { TimedRollout } from './schedule';
import { type PlannedWave, shiftMinutes } from './waves';
import type { Window } from './window';

/** What decides when a release may run: production's rollouts in their order, and the blackouts. */
export interface ScheduleFacts {
  readonly rollouts: readonly TimedRollout[];
  readonly blackouts: readonly Blackout[];
}

/** Name of the canary's rollout. */
const CANARY = 'canary';

/** The facts of a release, from what was asked for: those of its plan, before there is one. */
export const releaseFacts = (
  trafficCycleMinutes: number,
  waves: readonly PlannedWave[],
  blackouts: readonly Blackout[],
): ScheduleFacts => ({
  rollouts: [
    { name: CANARY, minutes: trafficCycleMinutes },
    ...waves.map(({ name, steps, bakeMinutes, window }) => ({
      name,
      minutes: (steps ? shiftMinutes(steps) : 0) + bakeMinutes,
      window,
    })),
  ],
  blackouts,
});

/** The facts of a plan; from the given rollout on, by default of a whole release. */
export function scheduleFacts({ rollouts, blackouts = [] }: RolloutPlan, from?: string): ScheduleFacts {
  const production = Object.entries(rollouts).filter(([, { kind }]) => kind !== 'STAGING');
  const first = from === undefined ? 0 : production.findIndex(([name]) => name === from);
  return { rollouts: production.slice(first).map(timed), blackouts };
}

const timed = ([name, { observeMinutes, shiftMinutes = 0, window }]: [string, Rollout]): TimedRollout => ({
  name,
  minutes: shiftMinutes + observeMinutes,
  window,
});

/** The same with a canary that is observed for so many minutes only. */
export const withCanary = ({ rollouts, blackouts }: ScheduleFacts, minutes: number): ScheduleFacts => ({
  rollouts: rollouts.map((each) => (each.name === CANARY ? { ...each, minutes } : each)),
  blackouts,
});

/** The facts in few characters, for the environment of a function: each window once, rollouts name it by its place. */
export function formatFacts({ rollouts, blackouts }: ScheduleFacts): string {
  const windows = [...new Set(rollouts.flatMap(({ window }) => (window ? [toPair(window)] : [])))];
  const placed = rollouts.map(({ name, minutes, window }) =>
    window ? [name, minutes, windows.indexOf(toPair(window))] : [name, minutes],
  );
  return JSON.stringify({ rollouts: placed, windows: windows.map(fromPair), blackouts: blackouts.map(toTriple) });
}

/** As text: two that say the same are equal. */
const toPair = ({ cron, timeZone }: Window): string => JSON.stringify([cron, timeZone]);
const fromPair = (pair: string): unknown => JSON.parse(pair);

const toTriple = ({ from, to, reason }: Blackout): readonly string[] => (reason ? [from, to, reason] : [from, to]);

/** Reads what `formatFacts` wrote. */
export function parseFacts(source: string, at: string): ScheduleFacts {
  const facts = record(json(source, at), at);
  const windows = arrayOf(facts.windows, `${at}.windows`, (value, where): Window => {
    const [cron, timeZone] = arrayOf(value, where, text);
    return parseWindow({ cron, timeZone }, where);
  });
  return {
    rollouts: arrayOf(facts.rollouts, `${at}.rollouts`, (value, where): TimedRollout => {
      const [name, minutes, place] = Array.isArray(value) ? value : [];
      const index = optional(place, `${where}[2]`, count);
      const window = index === undefined ? undefined : windows[index];
      if (index !== undefined && !window) throw new ShapeError(`${where} names window ${index}, which there is not`);
      return { name: text(name, `${where}[0]`), minutes: count(minutes, `${where}[1]`), window };
    }),
    blackouts: arrayOf(facts.blackouts, `${at}.blackouts`, (value, where): Blackout => {
      const [from, to, reason] = Array.isArray(value) ? value : [];
      return parseBlackout({ from, to, reason }, where);
    }),
  };
}

export function parseWindow(value: unknown, at: string): Window {
  const window = record(value, at);
  return { cron: text(window.cron, `${at}.cron`), timeZone: text(window.timeZone, `${at}.timeZone`) };
}

export function parseBlackout(value: unknown, at: string): Blackout {
  const blackout = record(value, at);
  return {
    from: moment(blackout.from, `${at}.from`),
    to: moment(blackout.to, `${at}.to`),
    reason: optional(blackout.reason, `${at}.reason`, text),
  };
}

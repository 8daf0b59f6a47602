import { count, json, listOf, maybe, object, type Reader, record, ShapeError, schema, text } from '../core/shape';
import { type Blackout, blackout } from './blackout';
import { CANARY_ROLLOUT } from './names';
import type { Rollout, RolloutPlan } from './rollout-plan';
import type { TimedRollout } from './schedule';
import { type Window, window } from './window-shape';

/** Facts that decide when a release may run: production's rollouts in their order, and the blackouts. */
export interface ScheduleFacts {
  readonly rollouts: readonly TimedRollout[];
  readonly blackouts: readonly Blackout[];
}

/** Source of a release's schedule: a plan, or its digest. */
export interface ScheduledPlan extends Pick<RolloutPlan, 'blackouts'> {
  readonly rollouts: { readonly [name: string]: ScheduledRollout };
}

type ScheduledRollout = Pick<Rollout, 'kind' | 'observeMinutes' | 'shiftMinutes' | 'window'>;

/** Lists the facts of a plan, from the given rollout on; by default those of a whole release. */
export function scheduleFacts({ rollouts, blackouts = [] }: ScheduledPlan, from?: string): ScheduleFacts {
  const production = Object.entries(rollouts).filter(([, { kind }]) => kind !== 'STAGING');
  const first = from === undefined ? 0 : production.findIndex(([name]) => name === from);
  return { rollouts: production.slice(first).map(timed), blackouts };
}

const timed = ([name, { observeMinutes, shiftMinutes = 0, window }]: [string, ScheduledRollout]): TimedRollout => ({
  name,
  minutes: shiftMinutes + observeMinutes,
  window,
});

/** Returns the same facts with a canary that is observed for only so many minutes. */
export const withCanary = ({ rollouts, blackouts }: ScheduleFacts, minutes: number): ScheduleFacts => ({
  rollouts: rollouts.map((each) => (each.name === CANARY_ROLLOUT ? { ...each, minutes } : each)),
  blackouts,
});

/** Schema number of formatted facts. */
const FACTS_SCHEMA = 1;
const factsSchema = schema(
  FACTS_SCHEMA,
  'the schedule and its function are of different versions; deploy the pipeline again',
);

/**
 * Formats the facts in few characters, for the environment of a function: each window once, rollouts name it by its
 * place.
 */
export function formatFacts({ rollouts, blackouts }: ScheduleFacts): string {
  const windows = [...new Set(rollouts.flatMap(({ window }) => (window ? [toPair(window)] : [])))];
  const placed = rollouts.map(({ name, minutes, window }) =>
    window ? [name, minutes, windows.indexOf(toPair(window))] : [name, minutes],
  );
  return JSON.stringify({
    schema: FACTS_SCHEMA,
    rollouts: placed,
    windows: windows.map(fromPair),
    blackouts: blackouts.map(toTriple),
  });
}

/** Formats a window as text. Equal windows give equal texts. */
const toPair = ({ cron, timeZone }: Window): string => JSON.stringify([cron, timeZone]);
const fromPair = (pair: string): unknown => JSON.parse(pair);

const toTriple = ({ from, to, reason }: Blackout): readonly string[] => (reason ? [from, to, reason] : [from, to]);

/** Reads what `formatFacts` wrote. */
export function parseFacts(source: string, at: string): ScheduleFacts {
  const facts = record(json(source, at), at);
  factsSchema(facts.schema, `${at}.schema`);
  const { windows } = object({ windows: listOf(pair) })(facts, at);
  return object({ rollouts: listOf(placedIn(windows)), blackouts: listOf(triple) })(facts, at);
}

const pair: Reader<Window> = (value, at) => {
  const [cron, timeZone] = listOf(text)(value, at);
  return window({ cron, timeZone }, at);
};

const placedIn =
  (windows: readonly Window[]): Reader<TimedRollout> =>
  (value, at) => {
    const [name, minutes, place] = Array.isArray(value) ? value : [];
    const index = maybe(count)(place, `${at}[2]`);
    const found = index === undefined ? undefined : windows[index];
    if (index !== undefined && !found) throw new ShapeError(`${at} names window ${index}, which does not exist`);
    return { name: text(name, `${at}[0]`), minutes: count(minutes, `${at}[1]`), window: found };
  };

const triple: Reader<Blackout> = (value, at) => {
  const [from, to, reason] = Array.isArray(value) ? value : [];
  return blackout({ from, to, reason }, at);
};

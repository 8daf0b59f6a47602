import type { LocalNet } from '../e2e/net';
import { type Case, GATED, PIPELINE_EVENTS, type Point, SCENARIOS, type Scenario } from './case';
import { invocation } from './injector';
import { KINDS } from './kinds';
import { isGate, RELEASE, ReleaseRun } from './release-run';
import { type Site, SiteNames, sameSite, siteText } from './site';

/** One visit of a state. */
interface Visit {
  readonly action: string;
  readonly execution: string;
  readonly state: string;
}

/** Calls and states of a scenario without a fault. */
interface Recording {
  readonly scenario: Scenario;
  readonly actions: readonly string[];
  readonly sites: readonly Site[];
  readonly visits: readonly Visit[];
}

/** All cases, and the operations that a rollback calls. */
export interface Table {
  readonly cases: readonly Case[];
  readonly ofRollback: ReadonlySet<string>;
  /** Callers whose calls go wrong: handlers, and the machine. */
  readonly callers: ReadonlySet<string>;
}

/** States of a leg, which is an execution of its own. */
const LEG_STATES: readonly string[] = ['Watch', 'WaitForNextMinute'];

/** Returns true for states that only wait and call nothing. */
const isWait = (state: string): boolean => state.startsWith('Wait');

const isRollback = ({ caller, operation }: Site): boolean =>
  caller === 'rollback' || (caller === 'machine' && operation === invocation('Rollback'));

/** Lists every call of a run without a fault, each with every fault that it can have. */
export async function allCases(net: LocalNet): Promise<Table> {
  const recordings: Recording[] = [];
  for (const scenario of SCENARIOS) recordings.push(await record(net, scenario));
  const [healthy] = recordings;
  const cases = [
    ...recordings.flatMap((recording) => calls(recording, healthy)),
    ...recordings.flatMap(kills),
    ...duplicates(healthy),
    ...pipelineEvents(healthy),
  ];
  const ofRollback = recordings.flatMap(({ sites }) => sites.filter(isRollback)).map(({ operation }) => operation);
  const callers = cases.flatMap(({ trouble }) => (trouble.is === 'call' ? trouble.site.caller : []));
  return { cases, ofRollback: new Set(ofRollback), callers: new Set(callers) };
}

async function record(net: LocalNet, scenario: Scenario): Promise<Recording> {
  const names = new SiteNames();
  const sites = new Map<string, Site>();
  const visits: Visit[] = [];
  const add = (site: Site): void => {
    // Regions that do the same at once differ only in their names, except in a rollback.
    const region = site.caller === 'rollback' ? site.region : '';
    const key = `${site.action} ${siteText({ ...site, region })}`;
    if (!sites.has(key)) sites.set(key, site);
  };
  const run = await ReleaseRun.start(net, scenario, () => ({
    onCall: (call, action) => {
      if (call.caller !== '' && action !== '') add(names.name(call, action));
      return undefined;
    },
    onState: (state, moment, execution, action) => {
      if (moment === 'before' && action !== '') {
        visits.push({ action, execution, state });
        if (!isWait(state)) {
          add({ action, caller: 'machine', operation: invocation(state), about: '', region: '', nth: 1 });
        }
      }
      return undefined;
    },
  }));
  try {
    await run.run();
    return { scenario, actions: run.pipeline.actions, sites: [...sites.values()], visits };
  } finally {
    await run.pipeline.close();
  }
}

function calls({ scenario, sites }: Recording, healthy: Recording): Case[] {
  return ofScenario(scenario, sites, healthy).flatMap((site) =>
    KINDS.filter((kind) => site.caller !== 'machine' || kind.ofMachine).map(
      (kind): Case => ({
        name: `${scenario}: ${site.action}: ${siteText(site)}: ${kind.name}`,
        row: kind.name,
        column: columnOf(scenario, site.action),
        scenario,
        trouble: { is: 'call', site, kind: kind.name },
      }),
    ),
  );
}

/** Keeps the calls that only this scenario has; the healthy scenario covers the others. */
function ofScenario(scenario: Scenario, sites: readonly Site[], healthy: Recording): readonly Site[] {
  switch (scenario) {
    case 'healthy':
      return sites;
    case 'canary left alone':
      return sites.filter(({ caller }) => caller === 'never-promote');
    case 'frozen':
    case 'glass broken':
      return sites.filter(
        (site) =>
          site.caller === 'gate' && !healthy.sites.some((other) => sameSite(site, { ...other, region: site.region })),
      );
    default:
      return sites.filter((site) => isRollback(site) || site.operation === invocation('StopRollout'));
  }
}

function kills({ scenario, visits }: Recording): Case[] {
  const isOf = ({ execution, state }: Visit): boolean =>
    scenario === 'healthy' ||
    (scenario !== 'canary left alone' &&
      !GATED.includes(scenario) &&
      (/Rollback|Stop/.test(state) || execution.startsWith('rollback')));
  const counts = new Map<string, { readonly visit: Visit; readonly count: number }>();
  for (const visit of visits.filter(isOf)) {
    const key = `${visit.execution} ${visit.state}`;
    counts.set(key, { visit, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].flatMap(({ visit: { action, execution, state }, count }) =>
    [...new Set([1, count])].flatMap((visit) =>
      (['before', 'after'] as const).flatMap((moment) =>
        (LEG_STATES.includes(state) ? [false, true] : [false]).map(
          (legOnly): Case => ({
            name: `${scenario}: ${legOnly ? 'leg of ' : ''}${execution} killed at ${state}, visit ${visit}, ${moment} its work`,
            row: legOnly ? 'leg killed' : 'machine killed',
            column: columnOf(scenario, action),
            scenario,
            trouble: { is: 'kill', action, execution, state, moment, visit, legOnly },
          }),
        ),
      ),
    ),
  );
}

function duplicates({ visits }: Recording): Case[] {
  const found = new Map(visits.map((visit) => [`${visit.execution} ${visit.state}`, visit]));
  return [...found.values()]
    .filter(({ action, execution }) => execution === `${RELEASE}-${action}`)
    .map(
      ({ action, state }): Case => ({
        name: `healthy: ${action}: started a second time at ${state}`,
        row: 'started twice',
        column: columnOf('healthy', action),
        scenario: 'healthy',
        trouble: { is: 'duplicate', action, state },
      }),
    );
}

function pipelineEvents({ actions, visits }: Recording): Case[] {
  const rollouts = actions.filter((action) => visits.some((visit) => visit.action === action));
  const points: Point[] = [
    ...actions.map((action): Point => ({ action, moment: 'before' })),
    ...rollouts.map((action): Point => ({ action, moment: 'middle' })),
    { action: actions[actions.length - 1], moment: 'after' },
  ];
  return PIPELINE_EVENTS.flatMap((event) =>
    points.map(
      (at): Case => ({
        name: `healthy: pipeline ${event}, ${at.moment} ${at.action}`,
        row: `pipeline ${event}`,
        column: columnOf('healthy', at.action),
        scenario: 'healthy',
        trouble: { is: 'pipeline', event, at },
      }),
    ),
  );
}

export const COLUMNS = [
  'staging',
  'gates',
  'acquire, publish',
  'canary',
  'wave 1',
  'wave 2',
  'complete',
  'rollback',
  'left alone',
] as const;

function columnOf(scenario: Scenario, action: string): (typeof COLUMNS)[number] {
  if (scenario === 'canary left alone') return 'left alone';
  if (GATED.includes(scenario)) return 'gates';
  if (scenario !== 'healthy') return 'rollback';
  if (isGate(action)) return 'gates';
  switch (action) {
    case 'canary':
      return 'canary';
    case 'Wave1':
      return 'wave 1';
    case 'Wave2':
      return 'wave 2';
    case 'complete':
      return 'complete';
    default:
      return /staging/.test(action) ? 'staging' : 'acquire, publish';
  }
}

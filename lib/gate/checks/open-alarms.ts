import type { AlarmFacts } from '../../aws/facts';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../../core/bounded';
import { errorText } from '../../core/error-text';
import type { Finding } from '../../core/finding';
import { fitText } from '../../core/fit';
import { listOf, object, type Shape, text } from '../../core/shape';
import { showIso } from '../../core/time';
import type { Candidate } from '../candidate';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';

const readConfig = configOf('OPEN_ALARMS', {
  /** Names of alarms, by region. */
  alarms: listOf(object({ regions: listOf(text), names: listOf(text) })),
});
export type OpenAlarmsConfig = Shape<typeof readConfig>;

/** What was found of a region's alarms; or why nothing was. */
export type RegionAlarms = { readonly alarms: readonly OpenAlarm[] } | { readonly error: string };

export type OpenAlarm = Pick<AlarmFacts, 'name' | 'state' | 'stateReason' | 'stateUpdatedAt'>;

export interface OpenAlarmsFacts {
  /** By region. */
  readonly regions: { readonly [region: string]: RegionAlarms | undefined };
  /** Regions that have ever served a stable revision. */
  readonly served: readonly string[];
}

/** An alarm's reason is long, and ends with the datapoints. */
const REASON_LENGTH = 120;

/** Nothing is released onto a service whose production is in ALARM: nobody could tell what the release adds to it. */
export function checkOpenAlarms(config: OpenAlarmsConfig, { regions, served }: OpenAlarmsFacts, _now: number): Finding {
  const check = config.name;
  const names = namesByRegion(config);
  const asked = [...names.keys()].filter((region) => served.includes(region));
  const unserved = [...names.keys()].filter((region) => !served.includes(region));
  const aside = unserved.length > 0 ? [`not asked, since never served: ${unserved.join(', ')}`] : [];
  if (asked.length === 0) {
    return { check, verdict: 'PASS', reason: ['no production region with alarms has served yet', ...aside].join('; ') };
  }
  const found = asked.map((region) => lookAt(region, names.get(region) ?? new Set(), regions[region]));
  const open = found.flatMap((each) => each.open);
  const errors = found.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const missing = found.flatMap((each) => each.missing);
  const unsure = found.flatMap((each) => each.unsure);
  const gone = missing.length > 0 ? [`not there, and so not open: ${missing.join(', ')}`] : [];
  if (open.length > 0) {
    const since = open.flatMap(({ stateUpdatedAt }) => (stateUpdatedAt === undefined ? [] : [stateUpdatedAt])).sort();
    return {
      check,
      verdict: 'FAIL',
      reason: [`in ALARM: ${open.map(({ shown }) => shown).join('; ')}`, ...errors, ...gone, ...aside].join('; '),
      since: since.at(0),
      unblockedBy: `${open.length === 1 ? 'the alarm is' : 'the alarms are'} no longer in ALARM`,
      measured: open.length,
      limit: 0,
    };
  }
  if (errors.length > 0) {
    return {
      check,
      verdict: 'ERROR',
      reason: [...errors, ...gone, ...aside].join('; '),
      unblockedBy: 'CloudWatch answers for every region',
    };
  }
  const insufficient = unsure.length > 0 ? [`INSUFFICIENT_DATA, which is not ALARM: ${unsure.join(', ')}`] : [];
  const total = asked.reduce((sum, region) => sum + (names.get(region)?.size ?? 0), 0);
  return {
    check,
    verdict: 'PASS',
    reason: [`0 of ${total} alarms in ${asked.join(', ')} are in ALARM`, ...insufficient, ...gone, ...aside].join('; '),
    measured: 0,
    limit: 0,
  };
}

/** What is to be asked: by region, the alarms' names. */
function namesByRegion({ alarms }: OpenAlarmsConfig): ReadonlyMap<string, ReadonlySet<string>> {
  const byRegion = new Map<string, Set<string>>();
  for (const { regions, names } of alarms) {
    for (const region of regions) {
      const known = byRegion.get(region) ?? new Set();
      for (const name of names) known.add(name);
      byRegion.set(region, known);
    }
  }
  return byRegion;
}

interface Looked {
  readonly open: readonly { readonly shown: string; readonly stateUpdatedAt?: string }[];
  readonly missing: readonly string[];
  readonly unsure: readonly string[];
  readonly error?: string;
}

function lookAt(region: string, names: ReadonlySet<string>, found: RegionAlarms | undefined): Looked {
  const nothing = { open: [], missing: [], unsure: [] };
  if (!found) return { ...nothing, error: `${region} was not asked for its alarms` };
  if ('error' in found) return { ...nothing, error: `${region} could not be asked for its alarms: ${found.error}` };
  const alarms = found.alarms.filter(({ name }) => names.has(name));
  const inState = (state: string) => alarms.filter((alarm) => alarm.state === state);
  const there = new Set(alarms.map(({ name }) => name));
  return {
    open: inState('ALARM').map((alarm) => ({ shown: show(region, alarm), stateUpdatedAt: alarm.stateUpdatedAt })),
    unsure: inState('INSUFFICIENT_DATA').map(({ name }) => `${region}/${name}`),
    missing: [...names].filter((name) => !there.has(name)).map((name) => `${region}/${name}`),
  };
}

function show(region: string, { name, stateReason, stateUpdatedAt }: OpenAlarm): string {
  const since = stateUpdatedAt === undefined ? '' : ` since ${showIso(stateUpdatedAt)}`;
  const reason = fitText(stateReason, REASON_LENGTH);
  return `${region}/${name}${since}${reason ? ` (${reason})` : ''}`;
}

/** Reads the regions that have served. One that does not answer keeps no other from its answer. */
async function readFacts(config: OpenAlarmsConfig, candidate: Candidate): Promise<OpenAlarmsFacts> {
  const names = namesByRegion(config);
  const served = (await candidate.served()).served.filter((region) => names.has(region));
  const answers = await bounded(served, ENVIRONMENTS_AT_ONCE, async (region): Promise<RegionAlarms> => {
    try {
      return { alarms: await candidate.alarms(region, [...(names.get(region) ?? [])]) };
    } catch (error) {
      return { error: errorText(error) };
    }
  });
  return { regions: Object.fromEntries(served.map((region, index) => [region, answers[index]])), served };
}

/** Blocks every release while one of these alarms of production is in ALARM. */
export const openAlarms: CheckKind<OpenAlarmsConfig, OpenAlarmsFacts> = {
  kind: 'OPEN_ALARMS',
  readConfig,
  readFacts,
  decide: checkOpenAlarms,
};

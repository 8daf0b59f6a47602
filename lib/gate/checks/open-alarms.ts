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

/** Alarms of a region; or the reason why they could not be read. */
export type RegionAlarms = { readonly alarms: readonly OpenAlarm[] } | { readonly error: string };

export type OpenAlarm = Pick<AlarmFacts, 'name' | 'state' | 'stateReason' | 'stateUpdatedAt'>;

export interface OpenAlarmsFacts {
  /** Alarms by region. */
  readonly regions: { readonly [region: string]: RegionAlarms | undefined };
  /** Regions that have ever served a stable revision. */
  readonly served: readonly string[];
}

/** Maximum characters of an alarm's reason, which is long and ends with the datapoints. */
const REASON_LENGTH = 120;

/** Checks that no alarm of production is in ALARM: an open alarm would hide the effect of a release. */
export function checkOpenAlarms(config: OpenAlarmsConfig, { regions, served }: OpenAlarmsFacts, _now: number): Finding {
  const check = config.name;
  const names = namesByRegion(config);
  const toRead = [...names.keys()].filter((region) => served.includes(region));
  const unserved = [...names.keys()].filter((region) => !served.includes(region));
  const skipped = unserved.length > 0 ? [`not read, since never served: ${unserved.join(', ')}`] : [];
  if (toRead.length === 0) {
    return {
      check,
      verdict: 'PASS',
      reason: ['no production region with alarms has served yet', ...skipped].join('; '),
    };
  }
  const found = toRead.map((region) => judgeRegion(region, names.get(region) ?? new Set(), regions[region]));
  const open = found.flatMap((each) => each.open);
  const errors = found.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const missing = found.flatMap((each) => each.missing);
  const unsure = found.flatMap((each) => each.unsure);
  const gone = missing.length > 0 ? [`not found, and so not open: ${missing.join(', ')}`] : [];
  if (open.length > 0) {
    const since = open.flatMap(({ stateUpdatedAt }) => (stateUpdatedAt === undefined ? [] : [stateUpdatedAt])).sort();
    return {
      check,
      verdict: 'FAIL',
      reason: [`in ALARM: ${open.map(({ shown }) => shown).join('; ')}`, ...errors, ...gone, ...skipped].join('; '),
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
      reason: [...errors, ...gone, ...skipped].join('; '),
      unblockedBy: 'CloudWatch answers for every region',
    };
  }
  const insufficient = unsure.length > 0 ? [`INSUFFICIENT_DATA, which is not ALARM: ${unsure.join(', ')}`] : [];
  const total = toRead.reduce((sum, region) => sum + (names.get(region)?.size ?? 0), 0);
  return {
    check,
    verdict: 'PASS',
    reason: [`0 of ${total} alarms in ${toRead.join(', ')} are in ALARM`, ...insufficient, ...gone, ...skipped].join(
      '; ',
    ),
    measured: 0,
    limit: 0,
  };
}

/** Names of the alarms to read, by region. */
function namesByRegion({ alarms }: OpenAlarmsConfig): ReadonlyMap<string, ReadonlySet<string>> {
  const byRegion = new Map<string, Set<string>>();
  for (const { regions, names } of alarms) {
    for (const region of regions) {
      const all = byRegion.get(region) ?? new Set();
      for (const name of names) all.add(name);
      byRegion.set(region, all);
    }
  }
  return byRegion;
}

interface JudgedRegion {
  readonly open: readonly { readonly shown: string; readonly stateUpdatedAt?: string }[];
  readonly missing: readonly string[];
  readonly unsure: readonly string[];
  readonly error?: string;
}

function judgeRegion(region: string, names: ReadonlySet<string>, found: RegionAlarms | undefined): JudgedRegion {
  const nothing = { open: [], missing: [], unsure: [] };
  if (!found) return { ...nothing, error: `the alarms of ${region} were not read` };
  if ('error' in found) return { ...nothing, error: `the alarms of ${region} could not be read: ${found.error}` };
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

/** Reads the regions that have served. A region that fails becomes an error, and the others still answer. */
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

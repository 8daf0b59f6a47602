import { readParameters, readVersions } from '../../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../../core/bounded';
import { CliError } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { stableParameterName, topologyParameterName } from '../../plan/names';
import { type Published, parsePublishedParameter } from '../../plan/revision';
import type { StableRecord } from '../../plan/stable-record';
import { parseTopology, type Topology } from '../../plan/topology';
import { environmentOf, fanOut, type Place } from '../../workload/fleet';
import type { KindOf } from '../../workload/kind';
import type { Return } from '../read-return';
import type { Wanted } from './from-ledger';
import type { Operator } from './operator';
import { type Finding, type Kinds, type Production, productionOf } from './production';
import { lastRelease, parseRecords, type RecordedRelease, releaseNamed, stableOf } from './stable-of';

/** Release that is to return, according to its regions. */
export interface RegionsTarget {
  readonly production: Production;
  /** Targets with their stable revisions, and the release that they return from. */
  readonly task: Return;
  /** Commit of the release; undefined if no region has a record of it. */
  readonly commit: string | undefined;
  /** Targets without a stable revision on record: they are not touched. */
  readonly unknown: readonly Finding[];
  /** Targets that the release has not shifted. */
  readonly untouched: readonly Finding[];
}

/** One target, with its own records, or with the revision that a person names. */
type TargetRecords =
  | { readonly place: Place; readonly records: readonly StableRecord[] }
  | { readonly place: Place; readonly given: Published };

/**
 * Reads, without the ledger, the revision to which every target returns: from the parameter in which its own region
 * records the stable revision. Nothing is guessed.
 */
export async function readTarget(topology: Topology, operator: Operator, wanted: Wanted): Promise<RegionsTarget> {
  const { service } = topology;
  const { kindOf } = wanted.workloads;
  const unknown: Finding[] = [];
  const kinds = await kindsByRegion(topology, operator, kindOf, unknown);
  const production = productionOf(topology, operator, kindOf, (region) => kinds.get(region) ?? {});
  const answers = await fanOut({ plan: production.places }, Object.keys(production.places.environments), (place) =>
    readRecords(place, wanted),
  );
  for (const answer of answers) {
    if ('error' in answer) unknown.push({ region: answer.place.name, key: answer.place.key, reason: answer.why });
  }
  const targets = answers.flatMap((answer): TargetRecords[] => ('value' in answer ? [answer.value] : []));
  const records = targets.flatMap((each) => ('records' in each ? each.records : []));
  const release = wanted.execution === undefined ? lastRelease(records) : releaseNamed(records, wanted.execution);
  const untouched: Finding[] = [];
  const stables = new Map<Place, Published>();
  for (const each of targets) {
    const { name: region, key } = each.place;
    const found = stableIn(each, release);
    const parameter = `parameter ${stableParameterName(service, key)}`;
    if ('stable' in found) stables.set(each.place, found.stable);
    else if ('untouched' in found) {
      untouched.push({ region, key, reason: `release ${release?.executionId} has not shifted it` });
    } else {
      const executionId = wanted.execution ?? release?.executionId;
      const reason = executionId === undefined ? 'does not exist' : `does not name release ${executionId}`;
      unknown.push({
        region,
        key,
        reason: `${parameter} ${reason}, so its stable revision is unknown: give --to-revision`,
      });
    }
  }
  const task = returnOf(production, stables, wanted, release);
  return { production, task, commit: release?.commit, unknown, untouched };
}

async function readRecords(place: Place, { override, workloads }: Wanted): Promise<TargetRecords> {
  const { environment, targetPlan, name, key } = place;
  const given = override(name, key);
  if (given === undefined) {
    const parameter = stableParameterName(environment.service, key);
    const values = await readVersions(environment, parameter);
    return { place, records: parseRecords(values, `parameter ${parameter}`, workloads.kindOf) };
  }
  const { kind, parameter } = targetPlan;
  const value = (await readParameters(environment, [parameter])).get(parameter);
  if (value === undefined) throw new CliError(`there is no parameter ${parameter}: it was never published`);
  const { address } = parsePublishedParameter(value, `parameter ${parameter}`, [kind]);
  return { place, given: { revision: workloads.kindOf(kind).named(given, `${name}/${key}`), address } };
}

const stableIn = (target: TargetRecords, release: RecordedRelease | undefined) => {
  if ('given' in target) return { stable: target.given };
  return release ? stableOf(target.records, release) : { unknown: true };
};

/** Selects the targets that have a stable revision. No other one is touched. */
function returnOf(
  { places }: Production,
  stables: ReadonlyMap<Place, Published>,
  { execution, workloads }: Wanted,
  release: RecordedRelease | undefined,
): Return {
  const perTarget = <T>(region: string, of: (place: Place, stable: Published) => T) =>
    Object.fromEntries(
      [...stables].flatMap(([place, stable]) =>
        place.name === region ? [[place.key, of(place, stable)] as const] : [],
      ),
    );
  const perRegion = <T>(of: (region: string) => T) =>
    Object.fromEntries(Object.keys(places.environments).map((region) => [region, of(region)] as const));
  return {
    workloads,
    plan: {
      service: places.service,
      environments: perRegion((region) => ({
        ...places.environments[region],
        targets: perTarget(region, ({ targetPlan }) => targetPlan),
      })),
    },
    release: {
      executionId: release?.executionId ?? execution ?? 'unknown',
      commit: release?.commit ?? 'unknown',
      // Only the candidate's address counts: it is that of the stable revision.
      candidates: perRegion((region) => perTarget(region, (_place, stable) => stable)),
      stables: perRegion((region) => perTarget(region, (_place, { revision }) => revision)),
    },
  };
}

/** Reads the targets of each region from the region itself. */
async function kindsByRegion(
  topology: Topology,
  operator: Operator,
  kindOf: KindOf,
  unknown: Finding[],
): Promise<ReadonlyMap<string, Kinds>> {
  const { places } = productionOf(topology, operator, kindOf, () => ({}));
  const name = topologyParameterName(topology.service);
  const kinds = new Map<string, Kinds>();
  await bounded(Object.keys(places.environments), ENVIRONMENTS_AT_ONCE, async (region) => {
    try {
      const value = (await readParameters(environmentOf({ plan: places }, region), [name])).get(name);
      if (value === undefined) throw new CliError(`there is no parameter ${name}: it was never published`);
      kinds.set(region, parseTopology(value, `parameter ${name} in ${region}`).targets ?? {});
    } catch (error) {
      unknown.push({ region, reason: errorText(error) });
    }
  });
  return kinds;
}

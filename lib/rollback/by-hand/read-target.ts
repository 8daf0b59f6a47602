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
import { lastRelease, parseRecords, type RememberedRelease, releaseNamed, stableOf } from './stable-of';

/** A release that is to return, as its regions remember it. */
export interface RegionsTarget {
  readonly production: Production;
  /** Targets whose stable revision is known, and the release that they return from. */
  readonly task: Return;
  /** Of the release; undefined when no region remembers it. */
  readonly commit: string | undefined;
  /** Targets whose stable revision is not known: they are not touched. */
  readonly unknown: readonly Finding[];
  /** Targets that the release has not shifted. */
  readonly untouched: readonly Finding[];
}

/** One target, and what is known of it: its own records, or where a person sends it. */
type Known =
  | { readonly place: Place; readonly records: readonly StableRecord[] }
  | { readonly place: Place; readonly given: Published };

/**
 * Reads without the ledger what every target is to return to: from the parameter in which its own region remembers the
 * stable revision. Nothing is guessed.
 */
export async function readTarget(topology: Topology, operator: Operator, wanted: Wanted): Promise<RegionsTarget> {
  const { service } = topology;
  const { kindOf } = wanted.workloads;
  const unknown: Finding[] = [];
  const kinds = await kindsByRegion(topology, operator, kindOf, unknown);
  const production = productionOf(topology, operator, kindOf, (region) => kinds.get(region) ?? {});
  const answers = await fanOut({ plan: production.places }, Object.keys(production.places.environments), (place) =>
    readKnown(place, wanted),
  );
  for (const answer of answers) {
    if ('error' in answer) unknown.push({ region: answer.place.name, key: answer.place.key, reason: answer.why });
  }
  const known = answers.flatMap((answer): Known[] => ('value' in answer ? [answer.value] : []));
  const records = known.flatMap((each) => ('records' in each ? each.records : []));
  const release = wanted.execution === undefined ? lastRelease(records) : releaseNamed(records, wanted.execution);
  const untouched: Finding[] = [];
  const stables = new Map<Place, Published>();
  for (const each of known) {
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
        reason: `${parameter} ${reason}, so its stable revision is not known: give --to-revision`,
      });
    }
  }
  const task = returnOf(production, stables, wanted, release);
  return { production, task, commit: release?.commit, unknown, untouched };
}

async function readKnown(place: Place, { override, workloads }: Wanted): Promise<Known> {
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

const stableIn = (known: Known, release: RememberedRelease | undefined) => {
  if ('given' in known) return { stable: known.given };
  return release ? stableOf(known.records, release) : { unknown: true };
};

/** Of the targets whose stable revision is known: no other one is touched. */
function returnOf(
  { places }: Production,
  stables: ReadonlyMap<Place, Published>,
  { execution, workloads }: Wanted,
  release: RememberedRelease | undefined,
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
      // Of the candidate its address alone counts: it is that of the stable revision.
      candidates: perRegion((region) => perTarget(region, (_place, stable) => stable)),
      stables: perRegion((region) => perTarget(region, (_place, { revision }) => revision)),
    },
  };
}

/** The targets of each region, as the region itself has them. */
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

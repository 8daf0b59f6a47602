import { readParameters, readVersions } from '../../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../../core/bounded';
import { CliError } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { stableParameterName, topologyParameterName } from '../../plan/names';
import { parsePublishedRevision } from '../../plan/parse-plan';
import type { PublishedRevision } from '../../plan/rollout-plan';
import type { StableRecord } from '../../plan/stable-record';
import { parseTopology, type Topology } from '../../plan/topology';
import { askPlaces, environmentOf, type Place } from '../../workload/places';
import type { Return } from '../read-return';
import type { Wanted } from './from-ledger';
import type { Operator } from './operator';
import { type Finding, type Production, productionOf } from './production';
import { lastRelease, parseRecords, type RememberedRelease, releaseNamed, stableOf } from './stable-of';

/** A release that is to return, as its regions remember it. */
export interface RegionsTarget {
  readonly production: Production;
  /** Functions whose stable version is known, and the release that they return from. */
  readonly task: Return;
  /** Of the release; undefined when no region remembers it. */
  readonly commit: string | undefined;
  /** Functions whose stable version is not known: they are not touched. */
  readonly unknown: readonly Finding[];
  /** Functions that the release has not shifted. */
  readonly untouched: readonly Finding[];
}

/** One function, and what is known of it: its own records, or where a person sends it. */
type Known =
  | { readonly place: Place; readonly records: readonly StableRecord[] }
  | { readonly place: Place; readonly given: PublishedRevision };

/**
 * Reads without the ledger what every function is to return to: from the parameter in which its own region remembers the
 * stable version. Nothing is guessed.
 */
export async function readTarget(topology: Topology, operator: Operator, wanted: Wanted): Promise<RegionsTarget> {
  const { service } = topology;
  const unknown: Finding[] = [];
  const keys = await keysByRegion(topology, operator, unknown);
  const production = productionOf(topology, operator, (region) => keys.get(region) ?? []);
  const answers = await askPlaces({ plan: production.places }, Object.keys(production.places.environments), (place) =>
    readKnown(place, wanted),
  );
  for (const answer of answers) {
    if ('error' in answer) unknown.push({ region: answer.place.name, key: answer.place.key, reason: answer.why });
  }
  const known = answers.flatMap((answer): Known[] => ('value' in answer ? [answer.value] : []));
  const records = known.flatMap((each) => ('records' in each ? each.records : []));
  const release = wanted.execution === undefined ? lastRelease(records) : releaseNamed(records, wanted.execution);
  const untouched: Finding[] = [];
  const revisions = new Map<Place, PublishedRevision>();
  for (const each of known) {
    const { name: region, key } = each.place;
    const found = revisionOf(each, release);
    const parameter = `parameter ${stableParameterName(service, key)}`;
    if ('revision' in found) revisions.set(each.place, found.revision);
    else if ('untouched' in found) {
      untouched.push({ region, key, reason: `release ${release?.executionId} has not shifted it` });
    } else {
      const executionId = wanted.execution ?? release?.executionId;
      const reason = executionId === undefined ? 'does not exist' : `does not name release ${executionId}`;
      unknown.push({
        region,
        key,
        reason: `${parameter} ${reason}, so its stable version is not known: give --to-version`,
      });
    }
  }
  const task = returnOf(production, revisions, wanted.execution, release);
  return { production, task, commit: release?.commit, unknown, untouched };
}

async function readKnown(place: Place, { override }: Wanted): Promise<Known> {
  const { environment, functionPlan, name, key } = place;
  const version = override(name, key);
  if (version === undefined) {
    const parameter = stableParameterName(environment.service, key);
    return { place, records: parseRecords(await readVersions(environment, parameter), `parameter ${parameter}`) };
  }
  const { parameter } = functionPlan;
  const value = (await readParameters(environment, [parameter])).get(parameter);
  if (value === undefined) throw new CliError(`there is no parameter ${parameter}: it was never published`);
  return { place, given: { ...parsePublishedRevision(value, `parameter ${parameter}`), version } };
}

const revisionOf = (known: Known, release: RememberedRelease | undefined) => {
  if ('given' in known) return { revision: known.given };
  return release ? stableOf(known.records, release) : { unknown: true };
};

/** Of the functions whose revision is known: no other one is touched. */
function returnOf(
  { places }: Production,
  revisions: ReadonlyMap<Place, PublishedRevision>,
  execution: string | undefined,
  release: RememberedRelease | undefined,
): Return {
  const perFunction = <T>(region: string, of: (place: Place, revision: PublishedRevision) => T) =>
    Object.fromEntries(
      [...revisions].flatMap(([place, revision]) =>
        place.name === region ? [[place.key, of(place, revision)] as const] : [],
      ),
    );
  const perRegion = <T>(of: (region: string) => T) =>
    Object.fromEntries(Object.keys(places.environments).map((region) => [region, of(region)] as const));
  return {
    plan: {
      service: places.service,
      environments: perRegion((region) => ({
        ...places.environments[region],
        functions: perFunction(region, ({ functionPlan }) => functionPlan),
      })),
    },
    release: {
      executionId: release?.executionId ?? execution ?? 'unknown',
      commit: release?.commit ?? 'unknown',
      // Of the candidate, function and alias alone count: they are those of the stable revision.
      candidates: perRegion((region) => perFunction(region, (_place, revision) => revision)),
      stables: perRegion((region) => perFunction(region, (_place, { version }) => version)),
    },
  };
}

/** The functions of each region, as the region itself has them. */
async function keysByRegion(
  topology: Topology,
  operator: Operator,
  unknown: Finding[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { places } = productionOf(topology, operator, () => []);
  const name = topologyParameterName(topology.service);
  const keys = new Map<string, readonly string[]>();
  await bounded(Object.keys(places.environments), ENVIRONMENTS_AT_ONCE, async (region) => {
    try {
      const value = (await readParameters(environmentOf({ plan: places }, region), [name])).get(name);
      if (value === undefined) throw new CliError(`there is no parameter ${name}: it was never published`);
      keys.set(region, parseTopology(value, `parameter ${name} in ${region}`).functions ?? []);
    } catch (error) {
      unknown.push({ region, reason: errorText(error) });
    }
  });
  return keys;
}

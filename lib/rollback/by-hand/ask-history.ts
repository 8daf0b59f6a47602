import { recentDeployments } from '../../aws/codedeploy';
import { readParameters } from '../../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../../core/bounded';
import { CliError } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { topologyParameterName } from '../../plan/names';
import { parsePublishedRevision } from '../../plan/parse-plan';
import type { PublishedRevision } from '../../plan/rollout-plan';
import { parseTopology, type Topology } from '../../plan/topology';
import { askPlaces, environmentOf } from '../../workload/places';
import { type GroupHistory, lastRelease, stableBefore } from './history';
import type { Operator } from './operator';
import { type Finding, type Production, productionOf } from './production';

/** Nobody rolls back what has been there for longer. */
const LOOK_BACK_DAYS = 90;

/** What is to return, as CodeDeploy's own history has it. */
export interface HistoryTarget {
  readonly production: Production;
  readonly executionId: string;
  readonly candidates: { readonly [region: string]: { readonly [key: string]: PublishedRevision } };
  readonly stables: { readonly [region: string]: { readonly [key: string]: string } };
  /** What could not be determined: it is not touched. */
  readonly unknown: readonly Finding[];
  /** What the release has not touched. */
  readonly untouched: readonly Finding[];
}

/**
 * Finds out without the ledger what every function is to return to: its region's SSM says what is there, and its CodeDeploy
 * what the deployments of the last release shifted from. Nothing is guessed.
 *
 * @param override the version of a function, when a person knows it
 */
export async function askHistory(
  topology: Topology,
  operator: Operator,
  execution: string | undefined,
  override: (region: string, key: string) => string | undefined,
): Promise<HistoryTarget> {
  const unknown: Finding[] = [];
  const keys = await keysByRegion(topology, operator, unknown);
  const production = productionOf(topology, operator, (region) => keys.get(region) ?? []);
  const task = { plan: production.places };
  const since = new Date(Date.now() - LOOK_BACK_DAYS * 24 * 3_600_000);
  const answers = await askPlaces(task, Object.keys(production.places.environments), async (place) => {
    const { environment, functionPlan, name, key } = place;
    const { parameter, neverPromoteHook } = functionPlan;
    const value = (await readParameters(environment, [parameter])).get(parameter);
    if (value === undefined) throw new CliError(`there is no parameter ${parameter}: it was never published`);
    const published = parsePublishedRevision(value, `parameter ${parameter} in ${name}`);
    const deployments = await recentDeployments(environment, functionPlan, since);
    return { environment: name, key, published, neverPromoteHook, deployments };
  });
  for (const answer of answers) {
    const { name: region, key } = answer.place;
    if ('error' in answer) unknown.push({ region, key, reason: answer.error });
  }
  const histories = answers.flatMap((answer): GroupHistory[] => ('value' in answer ? [answer.value] : []));
  const executionId = execution ?? lastRelease(histories);
  const candidates: { [region: string]: { [key: string]: PublishedRevision } } = {};
  const stables: { [region: string]: { [key: string]: string } } = {};
  const untouched: Finding[] = [];
  for (const history of histories) {
    const { environment: region, key, published } = history;
    const given = override(region, key);
    const found =
      given !== undefined
        ? { version: given }
        : executionId === undefined
          ? { unknown: `no deployment of the last ${LOOK_BACK_DAYS} days is one of a release: give --to-version` }
          : stableBefore(history, executionId);
    if ('unknown' in found) unknown.push({ region, key, reason: found.unknown });
    else if ('untouched' in found) {
      untouched.push({ region, key, reason: `release ${executionId} has not shifted it` });
    } else {
      candidates[region] = { ...candidates[region], [key]: published };
      stables[region] = { ...stables[region], [key]: found.version };
    }
  }
  return { production, executionId: executionId ?? 'unknown', candidates, stables, unknown, untouched };
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

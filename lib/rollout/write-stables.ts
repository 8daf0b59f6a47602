import { readParameters, writeParameter } from '../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { errorText } from '../core/error-text';
import type { Release } from '../ledger/items';
import { stableParameterName } from '../plan/names';
import type { StableRecord } from '../plan/stable-record';
import { environmentOf, productionOf } from '../workload/fleet';
import { decideWriteStable } from './decide-write-stable';
import type { RolloutTask } from './parse-state';

/**
 * Writes the stable revision of every production target into a parameter in the target's own region and account. A
 * person can then roll back without the pipeline's region. The release writes before it shifts anything, so the
 * parameter names the release that shifted last. Safe to repeat.
 *
 * @param acquiredAt when the release acquired production
 * @returns why some could not be written. Nothing may shift then; nothing has, so waiting costs nothing.
 */
export async function writeStables(
  task: RolloutTask,
  release: Release,
  acquiredAt: string,
): Promise<readonly string[]> {
  const names = productionOf(task).filter((name) => release.stables[name] !== undefined);
  const problems = await bounded(names, ENVIRONMENTS_AT_ONCE, async (name) => {
    try {
      return await writeEnvironment(task, release, acquiredAt, name);
    } catch (error) {
      return [`${name}: the stable revisions could not be written: ${errorText(error)}`];
    }
  });
  return problems.flat();
}

async function writeEnvironment(
  task: RolloutTask,
  release: Release,
  acquiredAt: string,
  name: string,
): Promise<readonly string[]> {
  const environment = environmentOf(task, name);
  const records = recordsOf(task, release, acquiredAt, name);
  const stored = await readParameters(environment, [...records.keys()]);
  const problems: string[] = [];
  // One after the other: the next call goes on where SSM throttled this one.
  for (const [parameter, mine] of records) {
    const decision = decideWriteStable(stored.get(parameter), mine, `parameter ${parameter} in ${name}`);
    if (decision.do === 'WRITE') await writeParameter(environment, parameter, decision.value);
    if (decision.do === 'BLOCK') problems.push(decision.reason);
  }
  return problems;
}

/** Returns the records by their parameters' names. */
function recordsOf(
  { plan }: RolloutTask,
  { executionId, commit, candidates, stables }: Release,
  acquiredAt: string,
  name: string,
): ReadonlyMap<string, StableRecord> {
  const records = Object.entries(stables[name] ?? {}).flatMap(([key, revision]) => {
    const candidate = candidates[name]?.[key];
    if (!candidate) return [];
    const mine = { executionId, commit, acquiredAt, revision, address: candidate.address };
    return [[stableParameterName(plan.service, key), mine] as const];
  });
  return new Map(records);
}

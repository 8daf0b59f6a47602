import { isNamed } from '../core/error-text';
import type { Release } from '../ledger/items';
import type { Fleet, Place } from '../workload/fleet';
import type { Workloads } from '../workload/target';

/**
 * Returns the plan's environments with all targets that the release has there, by their keys at that time. A key that
 * was renamed or removed since is in no plan any more, and its target must return all the same.
 */
export function releasedPlaces(
  { service, environments }: Fleet,
  { candidates }: Pick<Release, 'candidates'>,
  { kindOf }: Pick<Workloads, 'kindOf'>,
): Fleet {
  const released = Object.entries(environments).map(([name, environment]) => {
    const { phase, targets } = environment;
    const former = Object.entries(candidates[name] ?? {}).filter(([key]) => !Object.hasOwn(targets, key));
    const added = former.map(([key, { revision }]) => [key, kindOf(revision.kind).plan(service, phase, key)]);
    return [name, { ...environment, targets: { ...targets, ...Object.fromEntries(added) } }] as const;
  });
  return { service, environments: Object.fromEntries(released) };
}

/**
 * Explains why a refusal of CodeDeploy means that it moves nothing there any more. A publish has then taken the
 * deployment group of a key that was renamed or removed, and with it our permission to read the group. Undefined for
 * any other refusal, such as from a region that is away.
 */
export function whyLeft({ environments }: Fleet, { name, key }: Place, error: unknown): string | undefined {
  if (isNamed(error, 'ApplicationDoesNotExistException', 'DeploymentGroupDoesNotExistException')) {
    return 'has no deployment group any more';
  }
  const isPlanned = Object.hasOwn(environments[name].targets, key);
  return !isPlanned && isDenied(error) ? 'has left the pipeline' : undefined;
}

/**
 * Returns true for a denial by a service of the workload. A denial by STS has another name, and closes the environment.
 */
export const isDenied = (error: unknown): boolean => isNamed(error, 'AccessDeniedException');

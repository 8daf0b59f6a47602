import { isNamed } from '../core/error-text';
import type { Release } from '../ledger/items';
import type { Fleet, Place } from '../workload/fleet';
import type { Workloads } from '../workload/target';

/**
 * The plan's environments with all targets that the release has there, by their keys of then. A key that was renamed or
 * removed since is in no plan any more, and its target must return all the same.
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
 * Why CodeDeploy's refusal means that it moves nothing there any more: a publish has taken the deployment group of a key
 * that was renamed or removed, and with it our permission to read the group. Undefined where it does not mean that, as in
 * a region that is away.
 */
export function whyLeft({ environments }: Fleet, { name, key }: Place, error: unknown): string | undefined {
  if (isNamed(error, 'ApplicationDoesNotExistException', 'DeploymentGroupDoesNotExistException')) {
    return 'has no deployment group any more';
  }
  const isPlanned = Object.hasOwn(environments[name].targets, key);
  return !isPlanned && isDenied(error) ? 'has left the pipeline' : undefined;
}

/** Of a service of the workload. STS calls it otherwise: then the whole environment is closed. */
export const isDenied = (error: unknown): boolean => isNamed(error, 'AccessDeniedException');

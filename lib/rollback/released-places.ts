import { isNamed } from '../core/error-text';
import type { Release } from '../ledger/items';
import { functionPlan } from '../plan/names';
import type { Place, Places } from '../workload/places';

/**
 * The plan's environments with all functions that the release has there, by their keys of then. A key that was renamed or
 * removed since is in no plan any more, and its function must return all the same.
 */
export function releasedPlaces({ service, environments }: Places, { candidates }: Pick<Release, 'candidates'>): Places {
  const released = Object.entries(environments).map(([name, environment]) => {
    const { phase, functions } = environment;
    const former = Object.keys(candidates[name] ?? {}).filter((key) => !Object.hasOwn(functions, key));
    const added = former.map((key) => [key, functionPlan(service, phase, key)]);
    return [name, { ...environment, functions: { ...functions, ...Object.fromEntries(added) } }] as const;
  });
  return { service, environments: Object.fromEntries(released) };
}

/**
 * Why CodeDeploy's refusal means that it moves nothing there any more: a publish has taken the deployment group of a key
 * that was renamed or removed, and with it our permission to read the group. Undefined where it does not mean that, as in
 * a region that is away.
 */
export function whyLeft({ environments }: Places, { name, key }: Place, error: unknown): string | undefined {
  if (isNamed(error, 'ApplicationDoesNotExistException', 'DeploymentGroupDoesNotExistException')) {
    return 'has no deployment group any more';
  }
  const isPlanned = Object.hasOwn(environments[name].functions, key);
  return !isPlanned && isDenied(error) ? 'has left the pipeline' : undefined;
}

/** Of CodeDeploy or Lambda. STS calls it otherwise: then the whole environment is closed. */
export const isDenied = (error: unknown): boolean => isNamed(error, 'AccessDeniedException');

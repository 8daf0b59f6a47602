import { readDeployments } from '../../aws/codedeploy';
import type { DeploymentFacts } from '../../aws/facts';
import { WORKLOAD_KINDS, type WorkloadKind } from '../../plan/kinds';
import type { ReadShifts } from '../target';

type ReadByIds = (...args: Parameters<typeof readDeployments>) => Promise<readonly DeploymentFacts[]>;

/** Separate from `targets.ts`: the watch reads deployments, and has no other client of a workload in its bundle. */
const READERS: { readonly [kind in WorkloadKind]: ReadByIds } = {
  LAMBDA: readDeployments,
};

/** Reads the deployments of several targets of an environment, with as few calls as their kinds allow. */
export const readShifts: ReadShifts = async (environment, targets, deployments) => {
  const found: DeploymentFacts[] = [];
  for (const kind of WORKLOAD_KINDS) {
    const ids = Object.entries(deployments).flatMap(([key, id]) => (targets[key]?.kind === kind ? id : []));
    if (ids.length > 0) found.push(...(await READERS[kind](environment, ids)));
  }
  return found;
};

import type { WorkloadKind } from '../../plan/kinds';
import { parseKind } from '../../plan/revision';
import { lambdaTarget } from '../lambda/target';
import type { TargetAt } from '../target';

/** Separate from `kinds.ts`: a handler without calls to a workload has none of its clients in its bundle. */
const TARGETS: { readonly [kind in WorkloadKind]: TargetAt } = {
  LAMBDA: lambdaTarget,
};

/** Finds the target at a place. */
export const targetAt: TargetAt = (place, address) => {
  const kind = parseKind(place.targetPlan.kind, `${place.name}/${place.key}: kind`);
  return TARGETS[kind as WorkloadKind](place, address);
};

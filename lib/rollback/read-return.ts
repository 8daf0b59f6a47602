import type { Release } from '../ledger/items';
import type { RolloutKind } from '../plan/rollout-plan';
import { LOOK_BACK_HOURS } from '../plan/timing';
import { markOf } from '../workload/description';
import type { Fleet, Place } from '../workload/fleet';
import type { Target, Workloads } from '../workload/target';
import type { RollbackFacts } from './decide-return';

/** Release that returns, with its environments. */
export interface Return {
  readonly plan: Fleet;
  readonly workloads: Workloads;
  readonly release: Pick<Release, 'executionId' | 'commit' | 'candidates' | 'stables'>;
  /** Rollout that turned bad; undefined when somebody requested the return. */
  readonly rollout?: { readonly name: string; readonly kind: RolloutKind };
  /** Moment from which on the return has been waited for; ISO 8601. */
  readonly waitingSince?: string;
}

/** One target that is to return, as it was read. */
export interface ReadTarget {
  readonly facts: RollbackFacts;
  /** Undefined when there is nothing to which it could return. */
  readonly target: Target | undefined;
}

/** Reads one target in its environment. Reads nothing if there is nothing to which it could return. */
export async function readReturn({ plan, release, workloads }: Return, place: Place): Promise<ReadTarget> {
  const { name, key } = place;
  const candidate = release.candidates[name]?.[key];
  const stable = release.stables[name]?.[key];
  const facts = {
    environment: name,
    key,
    phase: plan.environments[name].phase,
    executionId: release.executionId,
    candidate: candidate?.revision,
    stable,
  };
  if (!candidate || stable === undefined) {
    return { target: undefined, facts: { ...facts, stable: undefined, serving: undefined, deployments: [] } };
  }
  // The deployments first: one that ends in between shows in the revisions served, never the other way round.
  const since = new Date(Date.now() - LOOK_BACK_HOURS * 3_600_000);
  const target = workloads.targetAt(place, candidate.address);
  const deployments = await target.deployments(since);
  return {
    target,
    facts: {
      ...facts,
      serving: await target.serving(),
      deployments: deployments.map((deployment) => ({
        deployment,
        toStable: markOf(deployment.description)?.purpose === 'anchor' || target.goesTo(deployment, stable),
      })),
    },
  };
}

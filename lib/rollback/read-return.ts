import { recentDeployments } from '../aws/codedeploy';
import type { Release } from '../ledger/items';
import type { PublishedRevision, RolloutKind } from '../plan/rollout-plan';
import { markOf } from '../workload/description';
import { readAlias } from '../workload/lambda/alias';
import { shiftsTo } from '../workload/lambda/app-spec';
import type { Place, Places } from '../workload/places';
import type { RollBackFacts } from './decide-return';

/** A deployment takes 50 h at most, and its hooks some: nothing that is still running is older. */
const LOOK_BACK_HOURS = 96;

/** What is to return, and to what. */
export interface Return {
  readonly plan: Places;
  readonly release: Pick<Release, 'executionId' | 'commit' | 'candidates' | 'stables'>;
  /** The rollout that turned bad; undefined when somebody asked for the return. */
  readonly rollout?: { readonly name: string; readonly kind: RolloutKind };
  /** Since when the return has been waited for; ISO 8601. */
  readonly waitingSince?: string;
}

/** One function that is to return, and where it is. */
export interface ReadFunction {
  readonly place: Place;
  readonly facts: RollBackFacts;
  readonly candidate: PublishedRevision | undefined;
}

/** Reads what an environment knows of one function. Reads nothing when there is nothing it could return to. */
export async function readReturn({ plan, release }: Return, place: Place): Promise<ReadFunction> {
  const { name, key, environment, functionPlan } = place;
  const candidate = release.candidates[name]?.[key];
  const stable = release.stables[name]?.[key];
  const facts = {
    environment: name,
    key,
    phase: plan.environments[name].phase,
    executionId: release.executionId,
    candidate: candidate?.version,
    stable,
  };
  if (!candidate || stable === undefined) {
    return { place, candidate, facts: { ...facts, stable: undefined, alias: undefined, deployments: [] } };
  }
  // The deployments first: one that ended in between shows in the alias, never the other way round.
  const since = new Date(Date.now() - LOOK_BACK_HOURS * 3_600_000);
  const deployments = await recentDeployments(environment, functionPlan, since);
  return {
    place,
    candidate,
    facts: {
      ...facts,
      alias: await readAlias(environment, candidate),
      deployments: deployments.map((deployment) => ({
        deployment,
        toStable: markOf(deployment.description)?.purpose === 'baseline' || shiftsTo(deployment.appSpec, stable),
      })),
    },
  };
}

import { createDeployment, recentDeployments } from '../aws/codedeploy';
import { ALL_AT_ONCE } from '../plan/names';
import type { PublishedRevision } from '../plan/rollout-plan';
import { describeDeployment, markOf } from '../workload/description';
import { readAlias } from '../workload/lambda/alias';
import { appSpec, shiftsTo } from '../workload/lambda/app-spec';
import type { Place } from '../workload/places';
import type { RollBackFacts } from './decide';
import type { Return } from './return-all';

/** A deployment takes 50 h at most, and its hooks some: nothing that is still running is older. */
const LOOK_BACK_HOURS = 96;

/** What is known of one function that is to return, and where it is. */
export interface RollBackAnswer {
  readonly place: Place;
  readonly facts: RollBackFacts;
  readonly candidate: PublishedRevision | undefined;
}

/** Asks an environment about one function. Not at all when there is nothing it could return to. */
export async function askRollBack({ plan, release }: Return, place: Place): Promise<RollBackAnswer> {
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
  const { functionName, alias } = candidate;
  return {
    place,
    candidate,
    facts: {
      ...facts,
      alias: await readAlias(environment, candidate),
      deployments: deployments.map((deployment) => ({
        deployment,
        toStable:
          markOf(deployment.description)?.purpose === 'baseline' ||
          shiftsTo(deployment.appSpec, { key, functionName, alias, to: stable }),
      })),
    },
  };
}

/**
 * Shifts everything to `to`. Nothing stops this deployment: its alarms are off, since the one that fires is the very
 * reason for the return; and it does not itself return when it fails.
 */
export async function returnTo(
  { release, rollout }: Return,
  { place, candidate }: RollBackAnswer,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  if (!candidate) return;
  const { functionName, alias } = candidate;
  const { executionId, commit } = release;
  const mark = { executionId, rollout: rollout?.name ?? 'asked for', attempt: 1, purpose: 'roll back' } as const;
  await createDeployment(place.environment, {
    application: place.functionPlan.application,
    deploymentGroup: place.functionPlan.deploymentGroup,
    deploymentConfig: ALL_AT_ONCE,
    description: describeDeployment(mark, rollout?.kind ?? 'WAVE', commit),
    appSpec: appSpec({ key: place.key, functionName, alias, from, to }),
    returnsOnFailure: false,
    alarms: [],
  });
}

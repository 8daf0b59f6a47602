import { createDeployment, type NewDeployment } from '../aws/codedeploy';
import type { Release } from '../ledger/items';
import { ALL_AT_ONCE } from '../plan/names';
import { describeDeployment, type Mark } from '../workload/description';
import { appSpec } from '../workload/lambda/app-spec';
import { askPlaces, type Place } from '../workload/places';
import type { RolloutTask } from './parse-state';
import type { Deployments } from './state';

/** What came of creating deployments. Only with no problem is every one of them there. */
export interface Created {
  readonly created: Deployments;
  readonly problems: readonly string[];
}

/** Creates the deployments that the mark is for, each once. One that fails keeps no other from being created. */
export async function createDeployments(
  task: RolloutTask,
  release: Release,
  functions: readonly { readonly environment: string; readonly key: string }[],
  mark: Mark,
): Promise<Created> {
  const wanted = new Set(functions.map(({ environment, key }) => `${environment}/${key}`));
  const names = [...new Set(functions.map(({ environment }) => environment))];
  const answers = await askPlaces(task, names, async (place) =>
    wanted.has(`${place.name}/${place.key}`)
      ? { id: await createDeployment(place.environment, newDeployment(task, release, place, mark)) }
      : undefined,
  );
  const created: { [environment: string]: { readonly [key: string]: string } } = {};
  const problems: string[] = [];
  for (const answer of answers) {
    const { name, key } = answer.place;
    if ('error' in answer) problems.push(answer.error);
    else if (answer.value?.id) created[name] = { ...created[name], [key]: answer.value.id };
    else if (answer.value) problems.push(`${name}/${key}: another deployment occupies its deployment group`);
  }
  return { created, problems };
}

function newDeployment(
  task: RolloutTask,
  release: Release,
  { name, key, functionPlan }: Place,
  mark: Mark,
): NewDeployment {
  const { thisRollout, commit } = task;
  const { functionName, alias, version } = release.candidates[name][key];
  const stable = release.stables[name][key];
  const isShift = mark.purpose === 'shift';
  const rollout = thisRollout.environments[name];
  return {
    application: functionPlan.application,
    deploymentGroup: functionPlan.deploymentGroup,
    deploymentConfig: isShift ? rollout.deploymentConfig : ALL_AT_ONCE,
    description: describeDeployment(mark, thisRollout.kind, commit),
    appSpec: appSpec({
      key,
      functionName,
      alias,
      from: stable,
      to: isShift ? version : stable,
      afterAllowTraffic: isShift && thisRollout.kind === 'CANARY' ? functionPlan.neverPromoteHook : undefined,
    }),
    returnsOnFailure: isShift,
    alarms: isShift ? (rollout.alarms[key] ?? []) : [],
  };
}

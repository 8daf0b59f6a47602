import type { Release } from '../ledger/items';
import { describeDeployment, type Mark } from '../workload/description';
import { fanOut, type Place } from '../workload/fleet';
import type { Shift, TargetAt } from '../workload/target';
import type { RolloutTask } from './parse-state';
import type { Deployments } from './state';

/** Result of creating deployments. All of them exist only if there is no problem. */
export interface Created {
  readonly created: Deployments;
  readonly problems: readonly string[];
}

/** Creates the deployments of this mark, each once. A failed one keeps no other from being created. */
export async function createDeployments(
  targetAt: TargetAt,
  task: RolloutTask,
  release: Release,
  targets: readonly { readonly environment: string; readonly key: string }[],
  mark: Mark,
): Promise<Created> {
  const wanted = new Set(targets.map(({ environment, key }) => `${environment}/${key}`));
  const names = [...new Set(targets.map(({ environment }) => environment))];
  const answers = await fanOut(task, names, async (place) => {
    if (!wanted.has(`${place.name}/${place.key}`)) return undefined;
    const target = targetAt(place, release.candidates[place.name][place.key].address);
    return { id: await target.shift(shiftOf(task, release, place, mark)) };
  });
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

function shiftOf({ thisRollout, commit }: RolloutTask, release: Release, { name, key }: Place, mark: Mark): Shift {
  const stable = release.stables[name][key];
  const description = describeDeployment(mark, thisRollout.kind, commit);
  if (mark.purpose !== 'shift') {
    return { from: stable, to: stable, description, alarms: [], returnsOnFailure: false, neverPromotes: false };
  }
  const { deploymentConfig, alarms } = thisRollout.environments[name];
  return {
    from: stable,
    to: release.candidates[name][key].revision,
    configuration: deploymentConfig,
    description,
    alarms: alarms[key] ?? [],
    returnsOnFailure: true,
    neverPromotes: thisRollout.kind === 'CANARY',
  };
}

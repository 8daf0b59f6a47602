import { readParameters } from '../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { ShapeError } from '../core/shape';
import { type Published, parsePublishedParameter } from '../plan/revision';
import type { TargetPlan } from '../plan/rollout-plan';
import { environmentOf } from '../workload/fleet';
import type { KindOf } from '../workload/kind';
import type { EnvironmentPublished } from './decide-collect';
import type { RolloutTask } from './parse-state';

/** Reads the candidates that these environments have published, side by side. */
export const readPublished = (
  kindOf: KindOf,
  task: RolloutTask,
  environments: readonly string[],
): Promise<readonly EnvironmentPublished[]> =>
  bounded(environments, ENVIRONMENTS_AT_ONCE, (name) => readEnvironment(kindOf, task, name));

async function readEnvironment(kindOf: KindOf, task: RolloutTask, name: string): Promise<EnvironmentPublished> {
  const targets = Object.entries(task.plan.environments[name].targets);
  const texts = await readParameters(
    environmentOf(task, name),
    targets.map(([, { parameter }]) => parameter),
  );
  try {
    const candidates = targets.map(([key, target]): [string, Published] => {
      const text = texts.get(target.parameter);
      if (text === undefined) {
        throw new ShapeError(`${name}/${key} has never been published: there is no parameter ${target.parameter}`);
      }
      return [key, parse(kindOf, target, text, name)];
    });
    return { name, candidates: Object.fromEntries(candidates) };
  } catch (error) {
    if (error instanceof ShapeError) return { name, problem: error.message };
    throw error;
  }
}

function parse(kindOf: KindOf, { kind, parameter }: TargetPlan, text: string, name: string): Published {
  const at = `parameter ${parameter} in ${name}`;
  // Read as the plan's kind and no other: a target that has changed its kind has another plan, too.
  const published = parsePublishedParameter(text, at, [kind]);
  kindOf(kind).check(published, at);
  return published;
}

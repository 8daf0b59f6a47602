import type { Environment } from '../aws/environment-clients';
import { bounded, ENVIRONMENTS_AT_ONCE, TARGETS_AT_ONCE } from '../core/bounded';
import { errorText } from '../core/error-text';
import { environmentsIn } from '../plan/environments';
import type { EnvironmentPlan, TargetPlan } from '../plan/rollout-plan';

/** Environments and their targets, as far as a call to a target needs them. A RolloutPlan contains more. */
export interface Fleet {
  readonly service: string;
  readonly environments: {
    readonly [name: string]: Pick<EnvironmentPlan, 'phase' | 'targets'> & Pick<Environment, 'region' | 'roleArn'>;
  };
}

/** Returns an environment of the plan, as the clients need it. */
export function environmentOf({ plan }: { readonly plan: Fleet }, name: string): Environment {
  const { region, roleArn } = plan.environments[name];
  return { service: plan.service, region, roleArn };
}

/** Lists the plan's production environments by name, in their order. */
export const productionOf = ({ plan }: { readonly plan: Fleet }): readonly string[] =>
  environmentsIn(plan, 'PRODUCTION');

/** One target in one environment. */
export interface Place {
  /** Name of the environment. */
  readonly name: string;
  readonly key: string;
  readonly environment: Environment;
  readonly targetPlan: TargetPlan;
}

/**
 * Seconds after which a handler calls no further target of an environment. With the clients' timeouts, it ends well
 * within its two minutes.
 */
const BUDGET_SECONDS = 45;

/** Error of a call to a target; it names the place. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
}

/** Result of the call at one place. `error` names the place and says why; `why` is the reason alone. */
export type Answer<T> =
  | { readonly place: Place; readonly value: T }
  | { readonly place: Place; readonly error: string; readonly why: string };

/**
 * Calls every target of these environments: environments side by side, their targets a few at a time. A target that
 * does not answer keeps no other from being called.
 */
export async function fanOut<T>(
  task: { readonly plan: Fleet },
  environments: readonly string[],
  ask: (place: Place) => Promise<T>,
): Promise<readonly Answer<T>[]> {
  const answers = await bounded(environments, ENVIRONMENTS_AT_ONCE, (name) => {
    const environment = environmentOf(task, name);
    const targets = Object.entries(task.plan.environments[name].targets);
    const began = Date.now();
    return bounded(targets, TARGETS_AT_ONCE, async ([key, targetPlan]): Promise<Answer<T>> => {
      const place = { name, key, environment, targetPlan };
      if (Date.now() - began > BUDGET_SECONDS * 1_000) {
        return failed(place, `not called, since ${name} took more than ${BUDGET_SECONDS} s`);
      }
      try {
        return { place, value: await ask(place) };
      } catch (error) {
        return failed(place, errorText(error));
      }
    });
  });
  return answers.flat();
}

const failed = (place: Place, why: string) => ({ place, error: `${place.name}/${place.key}: ${why}`, why });

/** Returns all answers. Throws one error that names every place without an answer. */
export function allAnswered<T>(answers: readonly Answer<T>[]): readonly { readonly place: Place; readonly value: T }[] {
  const errors = answers.flatMap((answer) => ('error' in answer ? answer.error : []));
  if (errors.length > 0) throw new PlaceError(errors.join('; '));
  return answers.flatMap((answer) => ('value' in answer ? answer : []));
}

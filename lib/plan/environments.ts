import type { EnvironmentPlan, Phase } from './rollout-plan';

/** The environments of a plan, as far as naming them needs it. */
interface Named<Facts extends keyof EnvironmentPlan> {
  readonly environments: { readonly [name: string]: Pick<EnvironmentPlan, Facts> };
}

/** Names of the environments of one phase, in the plan's order. */
export const environmentsIn = ({ environments }: Named<'phase'>, phase: Phase): readonly string[] =>
  Object.keys(environments).filter((name) => environments[name].phase === phase);

/** All targets of these environments. */
export const targetsIn = (
  { environments }: Named<'targets'>,
  names: readonly string[],
): readonly { readonly environment: string; readonly key: string }[] =>
  names.flatMap((environment) => Object.keys(environments[environment].targets).map((key) => ({ environment, key })));

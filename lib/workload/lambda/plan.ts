import { text } from '../../core/shape';
import { deploymentGroupName, neverPromoteHookName, parameterName } from '../../plan/names';
import type { Phase, TargetPlan } from '../../plan/rollout-plan';

/** Names of a function in one environment, for a rollout. */
export interface LambdaPlan extends TargetPlan {
  readonly kind: 'LAMBDA';
  /** CodeDeploy application. */
  readonly application: string;
  /** CodeDeploy deployment group. */
  readonly deploymentGroup: string;
  /** Name of the function that keeps CodeDeploy from promoting a canary: the canary's `AfterAllowTraffic` hook. */
  readonly neverPromoteHook: string;
}

/** Derives the names from those of the service and the function. */
export function planLambda(service: string, phase: Phase, key: string): LambdaPlan {
  const group = deploymentGroupName(service, phase, key);
  return {
    kind: 'LAMBDA',
    application: group,
    deploymentGroup: group,
    parameter: parameterName(service, phase, key),
    neverPromoteHook: neverPromoteHookName(service, phase),
  };
}

/** Reads the plan of a function. */
export function lambdaPlan(plan: TargetPlan, at: string): LambdaPlan {
  const { application, deploymentGroup, neverPromoteHook }: { readonly [name: string]: unknown } = { ...plan };
  return {
    kind: 'LAMBDA',
    parameter: plan.parameter,
    application: text(application, `${at}.application`),
    deploymentGroup: text(deploymentGroup, `${at}.deploymentGroup`),
    neverPromoteHook: text(neverPromoteHook, `${at}.neverPromoteHook`),
  };
}

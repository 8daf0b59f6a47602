import { text } from '../../core/shape';
import { deploymentGroupName, neverPromoteHookName, parameterName } from '../../plan/names';
import type { Phase, TargetPlan } from '../../plan/rollout-plan';

/** Names that a rollout needs to know of a function in one environment. */
export interface LambdaPlan extends TargetPlan {
  readonly kind: 'LAMBDA';
  /** CodeDeploy application. */
  readonly application: string;
  /** CodeDeploy deployment group. */
  readonly deploymentGroup: string;
  /** Name of the function that, as `AfterAllowTraffic` hook of a canary, keeps CodeDeploy from promoting it. */
  readonly neverPromoteHook: string;
}

/** All of its names are made of the service's and the function's. */
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

/** Reads what the plan says of a function. */
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

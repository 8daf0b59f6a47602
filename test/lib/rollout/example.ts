import type { EnvironmentPlan, EnvironmentRollout, Rollout, RolloutPlan } from '../../../lib/plan/rollout-plan';

const PIPELINE = { account: '111111111111', region: 'us-west-2' };

const PRODUCTION = '333333333333';

/** Rollouts of a service with two functions: staging, a canary in two regions, and a wave for each of them. */
export const examplePlan = (keys: readonly string[] = ['api', 'worker']): RolloutPlan => ({
  schema: 1,
  service: 'orders',
  environments: {
    staging: environment('staging', 'STAGING', '222222222222', 'us-east-1', keys),
    'eu-west-1': environment('production', 'PRODUCTION', PRODUCTION, 'eu-west-1', keys),
    'us-east-1': environment('production', 'PRODUCTION', PRODUCTION, 'us-east-1', keys),
  },
  rollouts: {
    staging: rollout('STAGING', { staging: 'CodeDeployDefault.LambdaAllAtOnce' }, 10, [], keys),
    canary: rollout(
      'CANARY',
      { 'eu-west-1': 'orders-canary-08pct-2870m', 'us-east-1': 'orders-canary-08pct-2870m' },
      1_440,
      [],
      keys,
    ),
    Wave1: rollout('WAVE', { 'eu-west-1': 'orders-linear-25pct-10m' }, 720, ['canary'], keys),
    Wave2: rollout('WAVE', { 'us-east-1': 'orders-linear-25pct-10m' }, 120, ['canary', 'Wave1'], keys),
  },
});

export const PIPELINE_PLACE = PIPELINE;

function environment(
  phase: string,
  kind: EnvironmentPlan['phase'],
  account: string,
  region: string,
  keys: readonly string[],
): EnvironmentPlan {
  return {
    phase: kind,
    account,
    region,
    roleArn: `arn:aws:iam::${account}:role/orders-${phase}-${region}-rollout`,
    targets: Object.fromEntries(
      keys.map((key) => [
        key,
        {
          kind: 'LAMBDA',
          application: `orders-${phase}-${key}`,
          deploymentGroup: `orders-${phase}-${key}`,
          parameter: `/deployment-pipeline/orders/${phase}/${key}`,
          neverPromoteHook: `orders-${phase}-never-promote`,
        },
      ]),
    ),
  };
}

function rollout(
  kind: Rollout['kind'],
  configs: { readonly [environment: string]: string },
  observeMinutes: number,
  after: readonly string[],
  keys: readonly string[],
): Rollout {
  const alarm = kind === 'CANARY' ? 'canary-errors' : 'wave-errors';
  const phase = kind === 'STAGING' ? 'staging' : 'production';
  const environments = Object.entries(configs).map(([name, deploymentConfig]): [string, EnvironmentRollout] => [
    name,
    { deploymentConfig, alarms: Object.fromEntries(keys.map((key) => [key, [`orders-${phase}-${key}-${alarm}`]])) },
  ]);
  return { kind, environments: Object.fromEntries(environments), observeMinutes, after };
}

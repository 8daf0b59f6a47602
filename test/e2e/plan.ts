import { alarmName, canaryConfigName, environmentRoleName, linearConfigName } from '../../lib/plan/names';
import type { EnvironmentPlan, EnvironmentRollout, Rollout, RolloutPlan } from '../../lib/plan/rollout-plan';
import { ALL_AT_ONCE } from '../../lib/workload/lambda/names';
import { planLambda } from '../../lib/workload/lambda/plan';

export const SERVICE = 'orders';
export const PIPELINE = { account: '111111111111', region: 'us-west-2' };
export const PIPELINE_NAME = 'orders';

const STAGING_ACCOUNT = '333333333333';
const PRODUCTION_ACCOUNT = '222222222222';
const KEYS = ['http', 'queue'];

/** Waves, one after the other, the smallest region first. */
export const REGIONS = ['ap-southeast-2', 'eu-west-1', 'us-east-1'];

export interface PlanOptions {
  /** Minutes of staging. Default: 3. */
  readonly staging?: number;
  /** Minutes of the canary's traffic cycle. Default: 20. */
  readonly canary?: number;
  /** Minutes between the steps of a wave. Default: 2. */
  readonly step?: number;
  /** Minutes for which each wave bakes, in order. Default: 5 each. */
  readonly bakes?: readonly number[];
  /** Regions of production. Default: all three. */
  readonly regions?: readonly string[];
  /** Keys of the functions. Default: two. */
  readonly keys?: readonly string[];
}

/** Writes a plan by hand: two functions, staging, a canary of 8 % in three regions, three waves. Short by default. */
export function planByHand(options: PlanOptions = {}): RolloutPlan {
  const { staging = 3, canary = 20, step = 2, bakes = [5, 5, 5], regions = REGIONS, keys = KEYS } = options;
  const waves = regions.map((region, at): [string, Rollout] => [
    `Wave${at + 1}`,
    {
      kind: 'WAVE',
      environments: { [region]: shift(keys, 'PRODUCTION', linearConfigName(25, step, SERVICE), 'wave-errors') },
      shiftMinutes: 3 * step,
      observeMinutes: bakes[at],
      after: ['canary', ...regions.slice(0, at).map((_region, earlier) => `Wave${earlier + 1}`)],
    },
  ]);
  const canaryIn = shift(keys, 'PRODUCTION', canaryConfigName(8, SERVICE), 'canary-errors');
  const inProduction = (region: string) => environment(keys, 'PRODUCTION', PRODUCTION_ACCOUNT, region);
  return {
    schema: 1,
    service: SERVICE,
    environments: {
      staging: environment(keys, 'STAGING', STAGING_ACCOUNT, 'us-east-1'),
      ...Object.fromEntries(regions.map((region) => [region, inProduction(region)])),
    },
    rollouts: {
      staging: {
        kind: 'STAGING',
        environments: { staging: shift(keys, 'STAGING', ALL_AT_ONCE, 'wave-errors') },
        observeMinutes: staging,
        after: [],
      },
      canary: {
        kind: 'CANARY',
        environments: Object.fromEntries(regions.map((region) => [region, canaryIn])),
        observeMinutes: canary,
        after: ['staging'],
      },
      ...Object.fromEntries(waves),
    },
  };
}

function environment(
  keys: readonly string[],
  phase: EnvironmentPlan['phase'],
  account: string,
  region: string,
): EnvironmentPlan {
  const targets = keys.map((key) => [key, planLambda(SERVICE, phase, key)]);
  const roleArn = `arn:aws:iam::${account}:role/${environmentRoleName(SERVICE, phase, region)}`;
  return { phase, account, region, roleArn, targets: Object.fromEntries(targets) };
}

const shift = (
  keys: readonly string[],
  phase: EnvironmentPlan['phase'],
  deploymentConfig: string,
  kind: 'canary-errors' | 'wave-errors',
): EnvironmentRollout => ({
  deploymentConfig,
  alarms: Object.fromEntries(keys.map((key) => [key, [alarmName(SERVICE, phase, key, kind)]])),
});

import type { Blackout } from '../../lib/plan/blackout';
import type { EnvironmentPlan, EnvironmentRollout, Phase, Rollout, RolloutPlan } from '../../lib/plan/rollout-plan';
import { type PlannedWave, shiftMinutes } from '../../lib/plan/waves';
import type { MicroserviceStage } from '../microservice/microservice-stage';

/** Names of the rollouts that are not waves. */
export const STAGING_ROLLOUT = 'staging';
export const CANARY_ROLLOUT = 'canary';

export interface PlannedEnvironment {
  readonly stage: MicroserviceStage;
  readonly roleArn: string;
}

export interface RolloutPlanInput {
  readonly service: string;
  readonly staging: PlannedEnvironment;
  readonly stagingBakeMinutes: number;
  readonly production: readonly PlannedEnvironment[];
  readonly trafficCycleMinutes: number;
  readonly waves: readonly PlannedWave[];
  readonly blackouts: readonly Blackout[];
}

/** Everything that the rollouts of a pipeline need to know, from what the environments were made of. */
export function planRollouts(input: RolloutPlanInput): RolloutPlan {
  const { service, staging, production, waves, blackouts } = input;
  const byRegion = new Map(production.map((environment) => [environment.stage.stack.environmentName, environment]));
  const rollouts: { [name: string]: Rollout } = {
    [STAGING_ROLLOUT]: {
      kind: 'STAGING',
      environments: { [staging.stage.stack.environmentName]: waveIn(staging) },
      observeMinutes: input.stagingBakeMinutes,
      after: [],
    },
    [CANARY_ROLLOUT]: {
      kind: 'CANARY',
      environments: Object.fromEntries([...byRegion].map(([region, environment]) => [region, canaryIn(environment)])),
      observeMinutes: input.trafficCycleMinutes,
      after: [STAGING_ROLLOUT],
    },
  };
  const passed = [CANARY_ROLLOUT];
  for (const wave of waves) {
    rollouts[wave.name] = {
      kind: 'WAVE',
      environments: Object.fromEntries(
        wave.regions.map((region) => [region, waveIn(byRegion.get(region) as PlannedEnvironment)]),
      ),
      ...(wave.steps && { shiftMinutes: shiftMinutes(wave.steps) }),
      observeMinutes: wave.bakeMinutes,
      ...(wave.window && { window: wave.window }),
      after: [...passed],
    };
    passed.push(wave.name);
  }
  const environments = Object.fromEntries(
    [staging, ...production].map((environment) => [
      environment.stage.stack.environmentName,
      environmentPlan(environment),
    ]),
  );
  return { schema: 1, service, environments, rollouts, ...(blackouts.length > 0 && { blackouts }) };
}

function environmentPlan({ stage, roleArn }: PlannedEnvironment): EnvironmentPlan {
  const { phase, account, region } = stage.stack;
  return { phase: phase as Phase, account, region, roleArn, targets: stage.workload._plan().targets };
}

function canaryIn({ stage }: PlannedEnvironment): EnvironmentRollout {
  const { canaryConfig, canaryAlarms } = stage.workload._plan();
  if (!canaryConfig) {
    throw new Error(`Environment '${stage.stack.environmentName}' has no canary configuration`);
  }
  return { deploymentConfig: canaryConfig, alarms: canaryAlarms };
}

function waveIn({ stage }: PlannedEnvironment): EnvironmentRollout {
  const { waveConfig, waveAlarms } = stage.workload._plan();
  return { deploymentConfig: waveConfig, alarms: waveAlarms };
}

import type { PlanDigest, RolloutDigest } from '../../lib/plan/digest';
import type { EnvironmentPlan, EnvironmentRollout, Phase, Rollout, RolloutPlan } from '../../lib/plan/rollout-plan';
import type { MicroserviceStage } from '../microservice/microservice-stage';

export interface PlannedEnvironment {
  readonly stage: MicroserviceStage;
  readonly roleArn: string;
}

/** Completes the digest to the plan of all rollouts, with the names and alarms of the environments. */
export function planRollouts(digest: PlanDigest, environments: readonly PlannedEnvironment[]): RolloutPlan {
  const { service, rollouts, blackouts } = digest;
  const byName = new Map(environments.map((environment) => [environment.stage.stack.environmentName, environment]));
  const planned = Object.entries(rollouts).map(([name, each]) => [name, planRollout(each, byName)]);
  return {
    schema: 1,
    service,
    environments: Object.fromEntries([...byName].map(([name, each]) => [name, environmentPlan(each)])),
    rollouts: Object.fromEntries(planned),
    ...(blackouts.length > 0 && { blackouts }),
  };
}

function planRollout(digest: RolloutDigest, byName: ReadonlyMap<string, PlannedEnvironment>): Rollout {
  const rolloutIn = digest.kind === 'CANARY' ? canaryIn : waveIn;
  const environments = digest.environments.map((name) => [name, rolloutIn(byName.get(name) as PlannedEnvironment)]);
  return { ...digest, environments: Object.fromEntries(environments) };
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

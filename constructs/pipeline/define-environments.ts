import { Aws, Stack } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import type { Blackout } from '../../lib/plan/blackout';
import { environmentRoleName } from '../../lib/plan/names';
import { checkReleaseFits, type PlannedWave } from '../../lib/plan/waves';
import { CanaryWeighting } from '../canary/canary-weighting';
import { concreteEnvironment } from '../core/validation';
import type { Environment } from '../environment/environment';
import { Phase } from '../environment/phase';
import { MicroserviceStage } from '../microservice/microservice-stage';
import { ProductionRollout } from '../production/production-rollout';
import { DeploymentStandard } from '../standard/deployment-standard';
import { namesOfChecks } from './check-actions';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';
import { gateChecksOf } from './plan-gate';
import type { PlannedEnvironment } from './plan-rollouts';

/** The environments of a microservice, and how a release goes through them. */
export interface Environments {
  readonly staging: PlannedEnvironment;
  readonly stagingBakeMinutes: number;
  readonly production: readonly PlannedEnvironment[];
  readonly canaryPercentages: { readonly [region: string]: number };
  readonly trafficCycleMinutes: number;
  readonly waves: readonly PlannedWave[];
  readonly blackouts: readonly Blackout[];
}

/** Holds what was asked for against the organization's standard, and defines the microservice in every environment. */
export function defineEnvironments(scope: Construct, props: MicroserviceDeploymentPipelineProps): Environments {
  const { microservice, staging, regions, canary = {} } = props;
  if (regions.length === 0) {
    throw new Error(
      'regions is empty, but production needs at least one region: add { env: { account, region }, trafficShare: 100 }',
    );
  }
  const traffic = regions.map(({ env, trafficShare }, i) => ({
    ...concreteEnvironment(env, `regions[${i}].env`),
    trafficShare,
  }));
  checkPartitions(Stack.of(scope).region, [staging._env, ...traffic]);
  const standard = DeploymentStandard.of(scope);
  standard._checkChecks(namesOfChecks(props.checks));
  standard._checkStaging(staging);
  const { percentage, trafficCycleMinutes } = standard._resolveCanary(canary);
  const { percentages } = (canary.weighting ?? CanaryWeighting.proportional())._percentages(
    percentage,
    traffic,
    standard._canaryBounds,
  );
  const rollout = props.production ?? ProductionRollout.waves(regionByRegion(traffic));
  const waves = rollout._plan(
    traffic.map(({ region }) => region),
    standard._bakeBounds,
    standard._productionWindow,
  );
  checkReleaseFits(trafficCycleMinutes, waves);

  const gateChecks = gateChecksOf(scope, props);
  const pipeline = Stack.of(scope);
  const places = traffic.map(({ account, region }) => ({ account, region }));
  const define = (
    environment: Omit<
      Environment,
      'service' | 'pipelineAccount' | 'pipelineRegion' | 'production' | 'sharedDeploymentConfigs'
    >,
  ) => {
    const { phase, region, account } = environment;
    const stage = new MicroserviceStage(scope, microservice, {
      ...environment,
      service: microservice.name,
      pipelineAccount: pipeline.account,
      pipelineRegion: pipeline.region,
      production: places,
      sharedDeploymentConfigs: standard.sharedDeploymentConfigs,
    });
    const roleArn = `arn:${Aws.PARTITION}:iam::${account}:role/${environmentRoleName(microservice.name, phase, region)}`;
    return { stage, roleArn };
  };
  return {
    staging: define({
      ...staging._env,
      phase: Phase.STAGING,
      name: 'staging',
      hostParity: staging.hostParity,
      signalsSlos: [],
      stagingKind: staging.kind,
    }),
    stagingBakeMinutes: staging._bakeMinutes,
    production: traffic.map(({ account, region }) =>
      define({
        account,
        region,
        phase: Phase.PRODUCTION,
        name: region,
        hostParity: 100,
        signalsSlos: [...new Set(gateChecks.flatMap((check) => check._signalsSlos(region)))],
        canaryPercentage: percentages[region],
        steps: waves.find((wave) => wave.regions.includes(region))?.steps,
      }),
    ),
    canaryPercentages: percentages,
    trafficCycleMinutes,
    waves,
    blackouts: standard._blackouts,
  };
}

/** Roles cannot be assumed across partitions: China, GovCloud and the others have pipelines of their own. */
function checkPartitions(pipelineRegion: string, environments: readonly { readonly region: string }[]): void {
  const partition = partitionOf(pipelineRegion);
  const other = environments.find(({ region }) => partitionOf(region) !== partition);
  if (other) {
    throw new Error(
      `${other.region} is in partition ${partitionOf(other.region)}, but the pipeline's ${pipelineRegion} is in ${partition}: give that partition a pipeline of its own`,
    );
  }
}

const partitionOf = (region: string): string => RegionInfo.get(region).partition ?? 'aws';

/** A wave for each region, least traffic first. */
function regionByRegion(regions: readonly { readonly region: string; readonly trafficShare: number }[]): string[][] {
  return [...regions]
    .sort((a, b) => a.trafficShare - b.trafficShare || (a.region < b.region ? -1 : 1))
    .map(({ region }) => [region]);
}

import { Aws } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { PlanDigest } from '../../lib/plan/digest';
import { environmentRoleName, roleArn, STAGING_ENVIRONMENT } from '../../lib/plan/names';
import type { Staging } from '../staging/staging';
import type { Environment } from './environment';
import { Phase } from './phase';

/** Canary share, steps and SLOs of a production region. */
export type ProductionInput = Pick<Environment, 'canaryPercentage' | 'steps' | 'signalsSlos'>;

export interface EnvironmentsInput {
  readonly digest: PlanDigest;
  readonly staging: Staging;
  /** Canary share, steps and SLOs, by production region. */
  readonly regions: { readonly [region: string]: ProductionInput };
  readonly sharedDeploymentConfigs: boolean;
}

/** All environments of a microservice. */
export interface Environments {
  readonly staging: Environment;
  readonly production: readonly Environment[];
}

/** Returns the environments of a microservice as data. Creates nothing. */
export function environmentsOf({ digest, staging, regions, sharedDeploymentConfigs }: EnvironmentsInput): Environments {
  const { service, pipeline, production } = digest;
  const common = { service, pipeline, production, sharedDeploymentConfigs };
  return {
    staging: {
      ...common,
      ...staging._env,
      phase: Phase.STAGING,
      name: STAGING_ENVIRONMENT,
      hostParity: staging.hostParity,
      signalsSlos: [],
      stagingKind: staging.kind,
    },
    production: production.map((place) => ({
      ...common,
      ...place,
      ...regions[place.region],
      phase: Phase.PRODUCTION,
      name: place.region,
      hostParity: 100,
    })),
  };
}

/** ARN of the role in an environment that rollouts assume. */
export const environmentRoleArn = ({ service, phase, account, region }: Environment): string =>
  roleArn(Aws.PARTITION, account, environmentRoleName(service, phase, region));

/**
 * Refuses environments in another partition than the pipeline's: roles cannot be assumed across partitions, so China, GovCloud
 * and the others have pipelines of their own.
 */
export function checkPartitions(pipelineRegion: string, environments: readonly { readonly region: string }[]): void {
  const partition = partitionOf(pipelineRegion);
  const other = environments.find(({ region }) => partitionOf(region) !== partition);
  if (other) {
    throw new Error(
      `${other.region} is in partition ${partitionOf(other.region)}, but the pipeline's ${pipelineRegion} is in ${partition}: give that partition a pipeline of its own`,
    );
  }
}

const partitionOf = (region: string): string => RegionInfo.get(region).partition ?? 'aws';

import { Aws } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { environmentRoleName } from '../../lib/plan/names';
import type { Staging } from '../staging/staging';
import type { Environment } from './environment';
import { Phase } from './phase';

/** A region of production, and how it takes a release. */
export interface ProductionInput extends Pick<Environment, 'canaryPercentage' | 'steps' | 'signalsSlos'> {
  readonly account: string;
  readonly region: string;
}

export interface EnvironmentsInput {
  readonly service: string;
  /** Account and region of the pipeline. */
  readonly pipeline: { readonly account: string; readonly region: string };
  readonly staging: Staging;
  readonly production: readonly ProductionInput[];
  readonly sharedDeploymentConfigs: boolean;
}

/** All environments of a microservice. */
export interface Environments {
  readonly staging: Environment;
  readonly production: readonly Environment[];
}

/** Returns the environments of a microservice as data. Creates nothing. */
export function environmentsOf(input: EnvironmentsInput): Environments {
  const { service, pipeline, staging, production, sharedDeploymentConfigs } = input;
  const common = {
    service,
    pipelineAccount: pipeline.account,
    pipelineRegion: pipeline.region,
    production: production.map(({ account, region }) => ({ account, region })),
    sharedDeploymentConfigs,
  };
  return {
    staging: {
      ...common,
      ...staging._env,
      phase: Phase.STAGING,
      name: 'staging',
      hostParity: staging.hostParity,
      signalsSlos: [],
      stagingKind: staging.kind,
    },
    production: production.map((region) => ({
      ...common,
      ...region,
      phase: Phase.PRODUCTION,
      name: region.region,
      hostParity: 100,
    })),
  };
}

/** ARN of the role in an environment that rollouts assume. */
export const environmentRoleArn = ({ service, phase, account, region }: Environment): string =>
  `arn:${Aws.PARTITION}:iam::${account}:role/${environmentRoleName(service, phase, region)}`;

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

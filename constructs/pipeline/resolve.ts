import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { digestOf, type PlanDigest, regionsOf } from '../../lib/plan/digest';
import { scheduleText } from '../../lib/plan/payload';
import { scheduleFacts } from '../../lib/plan/schedule-facts';
import type { Place } from '../../lib/plan/topology';
import { checkReleaseFits } from '../../lib/plan/waves';
import { CanaryWeighting } from '../canary/canary-weighting';
import { concreteEnvironment } from '../core/validation';
import { checkPartitions, type Environments, environmentsOf, type ProductionInput } from '../environment/environments';
import { checkTopic } from '../messages/team-topic';
import type { Microservice } from '../microservice/microservice';
import { ProductionRollout } from '../production/production-rollout';
import { DeploymentStandard } from '../standard/deployment-standard';
import { buildDefaults } from './build-defaults';
import { buildChecks, type Check, commandsOf, namesOfChecks, stagingCheck } from './check-actions';
import { pinnedTools, type Tools } from './pinned-tools';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';
import { ownChecksOf, type ResolvedGate, resolveGate } from './plan-gate';
import { checkUnclaimed, concreteStack, requireProps } from './preconditions';
import { checkFilters, pipelineTypeFor } from './push-filters';
import { type Retention, resolveRetention } from './retention';

/** Path of a release through the environments. */
export interface ResolvedRelease {
  /** Digest of the plan: places, rollouts and blackouts. */
  readonly digest: PlanDigest;
  readonly environments: Environments;
  readonly canaryPercentages: { readonly [region: string]: number };
  /** Lengths and windows of the rollouts, and the blackouts, as a text. */
  readonly schedule: string;
}

/** Actions of Build, and the one that ends Staging. */
export interface ResolvedBuild {
  readonly source: pipelines.CodePipelineSource;
  /** Variable of the source that identifies a release. */
  readonly sourceRevision: string;
  readonly install: string[];
  readonly checks: readonly Check[];
  readonly synth: string[];
  readonly stagingTests?: Check;
}

/** Settings of CodePipeline and of CDK Pipelines. */
export interface ResolvedEngine
  extends Pick<
    MicroserviceDeploymentPipelineProps,
    'pushFilters' | 'selfMutation' | 'useChangeSets' | 'dockerEnabledForSynth'
  > {
  readonly pipelineType: codepipeline.PipelineType;
  readonly retention: Retention;
  /** Tools and settings of all builds. */
  readonly builds: Tools & Pick<pipelines.CodePipelineProps, 'codeBuildDefaults'>;
}

/** A pipeline before its creation: properties and standard, complete and checked. */
export interface ResolvedPipeline extends ResolvedRelease {
  readonly microservice: Microservice;
  readonly build: ResolvedBuild;
  readonly gate: ResolvedGate;
  readonly engine: ResolvedEngine;
  readonly topic?: sns.ITopic;
}

/**
 * Checks the properties of a pipeline against the organization's standard and completes them. Creates nothing.
 *
 * Some mistakes show later: in the resources of `define`, and when CDK Pipelines adds the source and many stacks.
 *
 * @throws an error that names the property, its value, what is allowed and what to change
 */
export function resolve(scope: Construct, props: MicroserviceDeploymentPipelineProps): ResolvedPipeline {
  requireProps(props);
  const { microservice } = props;
  const { account, region } = concreteStack(scope);
  const place = { account, region };
  checkUnclaimed(scope, microservice.name);
  checkTopic(props.topic);
  const build = resolveBuild(props);
  const engine = resolveEngine(props);
  const release = resolveRelease(scope, props, place);
  return {
    microservice,
    ...release,
    build,
    gate: resolveGate(scope, props, release.digest),
    engine,
    topic: props.topic,
  };
}

function resolveBuild({ source, sourceRevision, checks, synth }: MicroserviceDeploymentPipelineProps): ResolvedBuild {
  return {
    source,
    sourceRevision: sourceRevision ?? 'CommitId',
    install: checks.install ?? ['npm ci'],
    checks: buildChecks(checks),
    synth: commandsOf('synth', synth ?? ['npm ci', 'npx --no-install cdk synth']),
    stagingTests: stagingCheck(checks),
  };
}

function resolveEngine(props: MicroserviceDeploymentPipelineProps): ResolvedEngine {
  const { pushFilters, selfMutation, useChangeSets = false, dockerEnabledForSynth } = props;
  if (pushFilters) checkFilters(pushFilters);
  return {
    pipelineType: pipelineTypeFor(props),
    pushFilters,
    selfMutation,
    useChangeSets,
    dockerEnabledForSynth,
    retention: resolveRetention(props),
    builds: { ...pinnedTools(props), codeBuildDefaults: buildDefaults(props.codeBuildDefaults) },
  };
}

function resolveRelease(
  scope: Construct,
  props: MicroserviceDeploymentPipelineProps,
  pipeline: Place,
): ResolvedRelease {
  const { microservice, staging, canary = {} } = props;
  const regions = trafficOf(props);
  checkPartitions(pipeline.region, [staging._env, ...regions]);
  const standard = DeploymentStandard.of(scope);
  standard._checkChecks(namesOfChecks(props.checks));
  standard._checkStaging(staging);
  const { percentage, trafficCycleMinutes } = standard._resolveCanary(canary);
  const weighting = canary.weighting ?? CanaryWeighting.proportional();
  const { percentages } = weighting._percentages(percentage, regions, standard._canaryBounds);
  const rollout = props.production ?? ProductionRollout.waves(regionByRegion(regions));
  const waves = rollout._plan(
    regions.map(({ region }) => region),
    standard._bakeBounds,
    standard._productionWindow,
  );
  checkReleaseFits(trafficCycleMinutes, waves);
  const digest = digestOf({
    service: microservice.name,
    pipeline,
    production: regions,
    stagingBakeMinutes: staging._bakeMinutes,
    trafficCycleMinutes,
    waves,
    blackouts: standard._blackouts,
  });
  const schedule = scheduleText(scheduleFacts(digest));
  const checks = ownChecksOf(scope, props);
  const inRegion = (region: string): ProductionInput => ({
    signalsSlos: [...new Set(checks.flatMap((check) => check._signalsSlos(region)))],
    canaryPercentage: percentages[region],
    steps: waves.find((wave) => wave.regions.includes(region))?.steps,
  });
  const environments = environmentsOf({
    digest,
    staging,
    regions: Object.fromEntries(regionsOf(digest).map((region) => [region, inRegion(region)])),
    sharedDeploymentConfigs: standard.sharedDeploymentConfigs,
  });
  return { digest, environments, canaryPercentages: percentages, schedule };
}

interface Region extends Place {
  readonly trafficShare: number;
}

function trafficOf({ regions }: MicroserviceDeploymentPipelineProps): Region[] {
  if (regions.length === 0) {
    throw new Error(
      'regions is empty, but production needs at least one region: add { env: { account, region }, trafficShare: 100 }',
    );
  }
  return regions.map(({ env, trafficShare }, i) => ({
    ...concreteEnvironment(env, `regions[${i}].env`),
    trafficShare,
  }));
}

/** Returns a wave for each region, least traffic first. */
function regionByRegion(regions: readonly Region[]): string[][] {
  return [...regions]
    .sort((a, b) => a.trafficShare - b.trafficShare || (a.region < b.region ? -1 : 1))
    .map(({ region }) => [region]);
}

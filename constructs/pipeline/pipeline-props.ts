import type { Duration } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { CanaryOptions } from '../canary/canary-options';
import type { BreakGlass } from '../gate/break-glass';
import type { BudgetPolicy } from '../gate/budget-policy';
import type { GateCheck } from '../gate/gate-check';
import type { Slo } from '../gate/slo';
import type { Microservice } from '../microservice/microservice';
import type { ProductionRollout } from '../production/production-rollout';
import type { Staging } from '../staging/staging';
import type { Checks } from './checks';
import type { ProductionRegion } from './production-region';

/** Properties of one microservice's path to production. The organization's `DeploymentStandard` completes them. */
export interface MicroserviceDeploymentPipelineProps {
  /** Microservice that this pipeline releases. One pipeline per microservice. */
  readonly microservice: Microservice;

  /** Source of releases: one protected branch. */
  readonly source: pipelines.CodePipelineSource;

  /**
   * Variable of the source that identifies a release.
   *
   * @default 'CommitId' - as GitHub, CodeConnections and CodeCommit sources have it; an S3 source has 'VersionId'
   */
  readonly sourceRevision?: string;

  /** Lint, unit tests, integration tests, and the tests of staging. */
  readonly checks: Checks;

  /**
   * Commands that synthesize the CDK app that this pipeline is defined in, into `cdk.out`.
   *
   * The default runs the version of the CDK CLI that the project's lock file names, and fails if it names none.
   *
   * @default ['npm ci', 'npx --no-install cdk synth']
   */
  readonly synth?: string[];

  /** Staging: full or partial, its place, and its size. */
  readonly staging: Staging;

  /** Regions that serve production traffic, with their shares of it. At least one; each region once. */
  readonly regions: ProductionRegion[];

  /**
   * The canary: its share of production's traffic, its traffic cycle, and its spread over the regions.
   *
   * @default - the organization's standard
   */
  readonly canary?: CanaryOptions;

  /**
   * Waves in which production goes from the stable revision to the candidate.
   *
   * @default - a wave for each region, least traffic first, each in steps of 25 %
   */
  readonly production?: ProductionRollout;

  /**
   * Service level objectives. No release enters production while the error budget of one of them is spent.
   *
   * @default - no error budget is checked
   */
  readonly slos?: Slo[];

  /**
   * Policy for an overspent error budget.
   *
   * @default - the organization's standard
   */
  readonly budgetPolicy?: BudgetPolicy;

  /**
   * Further checks that the gates make, before Canary and before the first wave, besides those of the organization's
   * standard. All checks of a gate have different names.
   *
   * @default - none
   */
  readonly gateChecks?: GateCheck[];

  /**
   * Criticality of the service, in the organization's own words. It decides which criteria of production readiness
   * apply.
   *
   * @default - not known
   */
  readonly criticality?: string;

  /**
   * Role that may override the gates in an emergency: for one release, once, on record. It never overrides alarms or
   * the rollback.
   *
   * @default - nobody
   */
  readonly breakGlass?: BreakGlass;

  /**
   * Whether there is a dashboard of the gates' decisions: budgets left, blocks, uses of break glass. CloudWatch bills
   * $3 a month for each dashboard beyond an account's third.
   *
   * @default true
   */
  readonly gateDashboard?: boolean;

  /**
   * A topic of your own for messages about releases, for example one of the whole team. It must be a standard topic in the
   * pipeline's region, and let CloudWatch alarms of the pipeline's account publish. Give an encrypted one with its key
   * (`Topic.fromTopicAttributes` takes `keyArn`), so that the pipeline is granted its use.
   *
   * @default - an encrypted topic of the pipeline's own
   */
  readonly topic?: sns.ITopic;

  /**
   * Type of the pipeline. V2 bills every action minute: a canary of 24 hours costs $2.88 a release; V1 is $1 a month.
   *
   * @default codepipeline.PipelineType.V1 - V2 when `pushFilters` are given
   */
  readonly pipelineType?: codepipeline.PipelineType;

  /**
   * Pushes that start a release, for a CodeConnections source: by file paths, branches, tags. They need a pipeline of
   * type V2. At most 3.
   *
   * @default - every push to the branch
   */
  readonly pushFilters?: codepipeline.GitPushFilter[];

  /**
   * Whether the pipeline updates itself before it releases.
   *
   * @default true
   */
  readonly selfMutation?: boolean;

  /**
   * Exact version of the CDK CLI, `aws-cdk`, with which the pipeline updates itself. It must read the assemblies of the
   * app's `aws-cdk-lib`. An update is made with the version that is deployed: release a change of this property first,
   * and the `aws-cdk-lib` that needs it afterwards.
   *
   * @default '2.1148.1'
   */
  readonly cliVersion?: string;

  /**
   * Exact version of `cdk-assets`, with which the pipeline publishes assets. It must read the asset manifests of the
   * app's `aws-cdk-lib`. It gets those of schema 55 as schema 54, which is the same for assets.
   *
   * @default '4.7.3'
   */
  readonly cdkAssetsCliVersion?: string;

  /**
   * Whether each stack gets a change set first: two visible actions per stack instead of one, so half as many regions
   * fit into a stage. A failed deploy then cannot be retried: its change set is used up (aws/aws-cdk#21677).
   *
   * @default false
   */
  readonly useChangeSets?: boolean;

  /**
   * Settings of all CodeBuild projects of the pipeline: image, compute, VPC, cache. The image must have Node.js 22 or later;
   * `partialBuildSpec` can choose one of its versions, by `runtime-versions`.
   *
   * @default - the image aws/codebuild/standard:8.0 with Node.js 24, and the defaults of CDK Pipelines
   */
  readonly codeBuildDefaults?: pipelines.CodeBuildOptions;

  /**
   * Time for which the pipeline keeps the artifacts of a release, in the bucket of each region; whole days, at least 30. A
   * stage can be retried as long as its artifacts exist.
   *
   * @default Duration.days(90)
   */
  readonly artifactRetention?: Duration;

  /**
   * Time for which the logs of all builds are kept, in one log group of the pipeline. A log group of `codeBuildDefaults` has
   * its own retention.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly buildLogRetention?: logs.RetentionDays;

  /**
   * Whether synth may use Docker, for bundling or container assets.
   *
   * @default false
   */
  readonly dockerEnabledForSynth?: boolean;
}

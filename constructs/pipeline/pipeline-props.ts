import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
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

/** What makes one microservice's path to production. What is left out comes from the organization's `DeploymentStandard`. */
export interface MicroserviceDeploymentPipelineProps {
  /** The microservice that this pipeline releases. One pipeline per microservice. */
  readonly microservice: Microservice;

  /** Where releases come from: one protected branch. */
  readonly source: pipelines.CodePipelineSource;

  /**
   * The variable of the source that identifies a release.
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

  /** The staging phase: full or partial, where, and how large. */
  readonly staging: Staging;

  /** The regions that serve production traffic, with their shares of it. At least one; each region once. */
  readonly regions: ProductionRegion[];

  /**
   * The canary: its share of production's traffic, how long it is observed, how it is spread over the regions.
   *
   * @default - the organization's standard
   */
  readonly canary?: CanaryOptions;

  /**
   * How production goes from the stable revision to the candidate.
   *
   * @default - a wave for each region, least traffic first, each in steps of 25 %
   */
  readonly production?: ProductionRollout;

  /**
   * The service level objectives. No release enters production while the error budget of one of them is spent.
   *
   * @default - no error budget is asked about
   */
  readonly slos?: Slo[];

  /**
   * What being over an error budget means.
   *
   * @default - the organization's standard
   */
  readonly budgetPolicy?: BudgetPolicy;

  /**
   * Further checks that the gates ask, in front of Canary and of the first wave, besides those of the organization's standard.
   * All checks of a gate have different names.
   *
   * @default - none
   */
  readonly gateChecks?: GateCheck[];

  /**
   * How much the organization depends on the service, in its own words: which criteria of production readiness apply.
   *
   * @default - not known
   */
  readonly criticality?: string;

  /**
   * Who may override the gates in an emergency: for one release, once, on record. Never alarms, never the rollback.
   *
   * @default - nobody
   */
  readonly breakGlass?: BreakGlass;

  /**
   * Whether there is a dashboard of what the gates have decided: budgets left, blocks, uses of break glass. CloudWatch bills
   * $3 a month for each beyond an account's third.
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
   * The type of the pipeline. V2 bills every action minute: a canary of 24 hours costs $2.88 a release; V1 is $1 a month.
   *
   * @default codepipeline.PipelineType.V1 - V2 when `pushFilters` are given
   */
  readonly pipelineType?: codepipeline.PipelineType;

  /**
   * Which pushes start a release, for a CodeConnections source: by file paths, branches, tags. Needs a pipeline of type V2. At most 3.
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
   * Exact version of `cdk-assets`, with which the pipeline publishes assets. It must read the asset manifests of the app's
   * `aws-cdk-lib`; those of schema 55 it gets as schema 54, which is the same for assets.
   *
   * @default '4.7.3'
   */
  readonly cdkAssetsCliVersion?: string;

  /**
   * Whether a change set is made of each stack before it is executed: two visible actions per stack rather than one.
   *
   * @default true
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
   * Whether synth may use Docker, for bundling or container assets.
   *
   * @default false
   */
  readonly dockerEnabledForSynth?: boolean;
}

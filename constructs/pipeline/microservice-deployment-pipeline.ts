import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgePipelineFindings } from './acknowledge';
import { watchAssembly } from './assembly-limits';
import { createParts } from './parts';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';
import { claimService } from './preconditions';
import { addPushFilters } from './push-filters';
import { watchQuotas } from './quotas';
import { resolve } from './resolve';
import { Actions } from './stages/actions';
import { addBuild } from './stages/build';
import { addCanary } from './stages/canary';
import { addProduction } from './stages/production';
import { addStaging } from './stages/staging';

/**
 * The one safe path of a microservice to production:
 *
 *     Source → Build → UpdatePipeline → Assets → Staging → Canary → Production
 *
 * In front of Canary and of Production's first wave stands a gate. It lets no release pass while the error budget is spent,
 * or another check says that it must wait; a release that it has blocked is retried by itself.
 *
 * Every release is checked, shifted in staging, observed as a canary in every production region, and then shifted wave by
 * wave. When a deployment fails or an alarm fires in any region, all regions go back to the stable revision.
 */
export class MicroserviceDeploymentPipeline extends Construct {
  /** The pipeline itself. */
  public readonly pipeline: codepipeline.Pipeline;

  /**
   * Where the team is told what becomes of its releases: started, blocked, canary passed, wave done, completed, rolled back,
   * roll back incomplete. Subscribe to it: `pipeline.topic.addSubscription(...)`. People (email, SMS) get a text, programs
   * (SQS, Lambda, HTTP) the same as JSON. It is encrypted with a key of its own, unless it was brought by `props.topic`.
   */
  public readonly topic: sns.ITopic;

  /** Whole percentage of its own traffic that the canary takes in each region. */
  public readonly canaryPercentages: { [region: string]: number };

  public constructor(scope: Construct, id: string, props: MicroserviceDeploymentPipelineProps) {
    super(scope, id);
    const resolved = resolve(this, props);
    const { service, build, release } = resolved;
    claimService(this, service);
    watchQuotas(this);
    watchAssembly(this);

    const parts = createParts(this, resolved);
    this.canaryPercentages = release.canaryPercentages;
    this.pipeline = parts.pipeline;
    this.topic = parts.topic;

    const actions = new Actions(parts, build.source.sourceAttribute(build.sourceRevision));
    const engine = addBuild(this, resolved, parts.pipeline);
    addStaging(engine, build, parts, actions);
    addCanary(engine, parts, actions);
    addProduction(engine, release, actions);
    engine.buildPipeline();

    addPushFilters(this.pipeline, resolved.engine.pushFilters);
    acknowledgePipelineFindings(this, this.pipeline);
  }
}

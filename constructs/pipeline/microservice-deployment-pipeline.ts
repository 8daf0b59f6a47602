import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgePipelineFindings } from './acknowledge';
import { watchAssembly } from './assembly-limits';
import { allowConnection } from './connection-rights';
import { Grants } from './grants';
import { createParts } from './parts';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';
import { claimService } from './preconditions';
import { addPushFilters } from './push-filters';
import { watchQuotas } from './quotas';
import { resolve } from './resolve';
import { expireArtifacts } from './retention';
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
 * A gate runs before Canary and before the first production wave. It blocks a release while the error budget is spent, or
 * while another check says that it must wait. The gate retries a blocked release by itself.
 *
 * Every release is checked, shifted in staging, observed as a canary in every production region, and then shifted wave by
 * wave. When a deployment fails or an alarm fires in any region, all regions go back to the stable revision.
 */
export class MicroserviceDeploymentPipeline extends Construct {
  /** Pipeline in CodePipeline. */
  public readonly pipeline: codepipeline.Pipeline;

  /**
   * Topic for messages to the team about its releases: started, blocked, canary passed, wave done, completed, rolled
   * back, rollback incomplete. Subscribe to it: `pipeline.topic.addSubscription(...)`. People (email, SMS) get a text,
   * programs (SQS, Lambda, HTTP) the same as JSON. It is encrypted with a key of its own, unless `props.topic` sets it.
   */
  public readonly topic: sns.ITopic;

  /** Canary share of each region: the whole percentage of its own traffic that the canary takes. */
  public readonly canaryPercentages: { [region: string]: number };

  private readonly grants: Grants;

  public constructor(scope: Construct, id: string, props: MicroserviceDeploymentPipelineProps) {
    super(scope, id);
    const resolved = resolve(this, props);
    const { build, digest } = resolved;
    const { service } = digest;
    claimService(this, service);
    watchQuotas(this);
    watchAssembly(this);

    const parts = createParts(this, resolved);
    this.canaryPercentages = resolved.canaryPercentages;
    this.pipeline = parts.pipeline;
    this.topic = parts.topic;
    this.grants = new Grants(this, {
      service,
      table: parts.ledger.table,
      transitions: parts.transitions,
      breakGlassRole: resolved.gate.breakGlass?.role,
    });

    const actions = new Actions(parts, build.source.sourceAttribute(build.sourceRevision));
    const engine = addBuild(this, resolved, parts.pipeline);
    addStaging(engine, build, parts, actions);
    addCanary(engine, parts, actions);
    addProduction(engine, digest, actions);
    engine.buildPipeline();

    expireArtifacts(this.pipeline, resolved.engine.retention);
    allowConnection(this.pipeline);
    addPushFilters(this.pipeline, resolved.engine.pushFilters);
    acknowledgePipelineFindings(this, this.pipeline);
  }

  /**
   * Lets somebody roll back by hand, in two ways. The stack's output `RollbackCommand` starts the machine, which
   * returns all regions and needs nothing else. `npx microservice-deployment-pipeline rollback` holds the pipeline, stops the
   * machine, and writes the ledger.
   *
   * This second command returns functions with the operator's own credentials. It needs a role in each account of
   * production, which this grant does not include: docs/operating.md has its policy.
   *
   * @param grantee a role or a user of the pipeline's account
   * @throws if the grantee is of another account, or has no policies of its own, such as a service
   */
  public grantRollback(grantee: iam.IGrantable): iam.Grant {
    return this.grants.rollback(grantee);
  }

  /**
   * Lets somebody hold the pipeline and end a hold, also that of a rollback by hand: `npx microservice-deployment-pipeline hold` and
   * `resume`.
   *
   * @param grantee a role or a user of the pipeline's account
   * @throws if the grantee is of another account, or has no policies of its own, such as a service
   */
  public grantHold(grantee: iam.IGrantable): iam.Grant {
    return this.grants.hold(grantee);
  }

  /**
   * Lets somebody stop the line for this service, and start it again. The grantee may write, read and remove the
   * parameter `/deployment-pipeline/<service>/freeze`, but not that of the organization.
   *
   * @param grantee a role or a user of the pipeline's account
   * @throws if the grantee is of another account, or has no policies of its own, such as a service
   */
  public grantFreeze(grantee: iam.IGrantable): iam.Grant {
    return this.grants.freeze(grantee);
  }

  /**
   * Lets somebody break the glass. The grantee may assume the role of `breakGlass`, the only one whose writes count.
   * The grantee may also find the execution of a release, and retry its stages Canary and Production. The role must
   * trust the grantee.
   *
   * @param grantee a role or a user of the pipeline's account
   * @throws if the pipeline has no `breakGlass`, or the grantee is of another account or has no policies of its own, such
   * as a service
   */
  public grantBreakGlass(grantee: iam.IGrantable): iam.Grant {
    return this.grants.breakGlass(grantee);
  }
}

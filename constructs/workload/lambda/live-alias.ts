import type { CfnResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Alias of a managed function, for callers. Its qualifier is an attribute of the publication, so that CloudFormation
 * creates everything that refers to the alias after it.
 */
export class LiveAlias extends lambda.QualifiedFunctionBase implements lambda.IAlias {
  readonly lambda: lambda.IFunction;
  readonly aliasName: string;
  readonly functionArn: string;
  readonly functionName: string;
  readonly architecture: lambda.Architecture;
  readonly grantPrincipal: iam.IPrincipal;
  readonly role?: iam.IRole;
  protected readonly qualifier: string;
  protected readonly canCreatePermissions = true;

  private candidate?: lambda.IVersion;

  constructor(
    scope: Construct,
    id: string,
    fn: lambda.Function,
    private readonly publication: CfnResource,
  ) {
    super(scope, id);
    this.lambda = fn;
    this.qualifier = publication.getAtt('Qualifier').toString();
    this.aliasName = this.qualifier;
    this.functionArn = `${fn.functionArn}:${this.qualifier}`;
    this.functionName = `${fn.functionName}:${this.qualifier}`;
    this.architecture = fn.architecture;
    this.grantPrincipal = fn.grantPrincipal;
    this.role = fn.role;
  }

  /** Version that was published last. The version under the alias is not known at synth: rollouts move it. */
  get version(): lambda.IVersion {
    this.candidate ??= lambda.Version.fromVersionAttributes(this, 'Candidate', {
      lambda: this.lambda,
      version: this.publication.getAtt('CandidateVersion').toString(),
    });
    return this.candidate;
  }

  get aliasRef(): lambda.AliasReference {
    return { aliasArn: this.functionArn };
  }

  override metric(metricName: string, props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return super.metric(metricName, {
      dimensionsMap: { FunctionName: this.lambda.functionName, Resource: this.functionName },
      ...props,
    });
  }
}

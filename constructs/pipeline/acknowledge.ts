import { Aspects, CfnResource, type IAspect, Validations } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Construct, IConstruct } from 'constructs';
import { wildcardsOf } from './wildcard-ids';

/** Wildcards that nobody can configure, each with its reason. A wildcard that is not listed stays a finding. */
export const WILDCARDS: readonly (readonly [wildcard: RegExp, reason: string])[] = [
  [
    /^Action::(s3:(GetObject|GetBucket|List|DeleteObject|Abort)|kms:(ReEncrypt|GenerateDataKey))\*$/,
    'The grants of the CDK on the artifact bucket and its key are families of actions; they are limited to that bucket and key.',
  ],
  [
    /^Resource::(<\w*ArtifactsBucket\w*\.Arn>|arn:<AWS::Partition>:s3:::\S+)\/\*$/,
    'CodePipeline chooses the names of the artifacts in the bucket.',
  ],
  [
    /^Resource::arn:<AWS::Partition>:(logs|codebuild):\S+:(log-group:\/aws\/codebuild|report-group)\/\S*\*$/,
    'CodeBuild chooses the names of log streams and report groups; CDK Pipelines shares one role between the asset projects.',
  ],
  [
    /^Resource::arn:\*:iam::\S+:role\/\*$/,
    'The self-mutation may assume only roles that carry the tag of the CDK bootstrap; their names are not known to the pipeline.',
  ],
  [/:scheduler:.*:schedule\/[^*]+\/\*$/, 'A schedule per release, named by it, in the group of its pipeline.'],
  [/:states:.*:execution:.*\*$/, 'Step Functions chooses the names of executions.'],
  [
    /^Resource::<\w+\.Arn>:\*$/,
    'CodePipeline invokes the ledger handler and the gate; the CDK grants that with every qualifier.',
  ],
  [
    /^Resource::\*$/,
    'No resource-level permissions: PutJobSuccessResult, PutJobFailureResult, ListFunctions, log delivery, X-Ray. Granted by CDK Pipelines: the state of the bootstrap stack and bucket (self-mutation), builds and keys of the support stacks (assets, replication).',
  ],
];

/**
 * Acknowledges the findings of cdk-nag's AwsSolutions pack in the pipeline of a microservice, one by one and each with its
 * reason. Its environments are not included: they have their own.
 */
export function acknowledgePipelineFindings(scope: Construct, pipeline: codepipeline.Pipeline): void {
  Aspects.of(scope).add(new AcknowledgeWildcards());
  const buckets = [
    pipeline.artifactBucket,
    ...Object.values(pipeline.crossRegionSupport).map(({ replicationBucket }) => replicationBucket),
  ];
  for (const bucket of buckets) {
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Artifacts of the pipeline, read and written by its own roles only, and encrypted with its key.',
    });
  }
}

class AcknowledgeWildcards implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    for (const wildcard of wildcardsOf(node)) {
      const reason = WILDCARDS.find(([pattern]) => pattern.test(wildcard))?.[1];
      if (reason) Validations.of(node).acknowledge({ id: `AwsSolutions-IAM5[${wildcard}]`, reason });
    }
  }
}

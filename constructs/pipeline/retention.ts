import { Duration } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { known, show, wholeMinutes } from '../core/validation';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';

const DAY = 24 * 60;
/** A release may wait for a week in each of several actions, and somebody may retry its stage afterwards. */
const MIN_ARTIFACT_DAYS = 30;

/** Times for which the pipeline keeps what no user is served from. */
export interface Retention {
  readonly artifacts: Duration;
  readonly buildLogs: logs.RetentionDays;
}

/** @throws if artifacts would expire while a release still needs them, or if CloudWatch Logs has no such retention */
export function resolveRetention({
  artifactRetention = Duration.days(90),
  buildLogRetention = logs.RetentionDays.THREE_MONTHS,
}: MicroserviceDeploymentPipelineProps): Retention {
  if (!(artifactRetention instanceof Duration)) {
    throw new Error(
      `artifactRetention is ${show(artifactRetention)}, but must be a Duration such as Duration.days(90)`,
    );
  }
  const minutes = wholeMinutes(artifactRetention, 'artifactRetention');
  if (minutes < MIN_ARTIFACT_DAYS * DAY || minutes % DAY !== 0) {
    throw new Error(
      `artifactRetention is ${minutes / DAY} days, but must be whole days, at least ${MIN_ARTIFACT_DAYS}: a release may wait for weeks, and its stage may be retried`,
    );
  }
  known(buildLogRetention, 'buildLogRetention');
  if (typeof logs.RetentionDays[buildLogRetention] !== 'string') {
    throw new Error(
      `buildLogRetention is ${show(buildLogRetention)}, but must be a value of RetentionDays such as RetentionDays.THREE_MONTHS`,
    );
  }
  return { artifacts: artifactRetention, buildLogs: buildLogRetention };
}

/** Makes all builds write into one log group that expires, unless they have a log group already. */
export function buildLogging(
  scope: Construct,
  defaults: pipelines.CodeBuildOptions | undefined,
  { buildLogs }: Retention,
): pipelines.CodeBuildOptions {
  const { logging } = defaults ?? {};
  if (logging?.cloudWatch) return defaults ?? {};
  const logGroup = new logs.LogGroup(scope, 'BuildLogs', { retention: buildLogs });
  return { ...defaults, logging: { ...logging, cloudWatch: { logGroup } } };
}

/** Makes the artifacts expire in the buckets of all regions. */
export function expireArtifacts(pipeline: codepipeline.Pipeline, { artifacts }: Retention): void {
  const replicas = Object.values(pipeline.crossRegionSupport).map(({ replicationBucket }) => replicationBucket);
  for (const bucket of [pipeline.artifactBucket, ...replicas]) {
    if (bucket instanceof s3.Bucket) {
      bucket.addLifecycleRule({ expiration: artifacts, abortIncompleteMultipartUploadAfter: Duration.days(7) });
    }
  }
}

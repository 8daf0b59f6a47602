import type * as iam from 'aws-cdk-lib/aws-iam';

/** Role that may override the gates of a service in an emergency. */
export interface BreakGlass {
  /**
   * The only role whose writes of the parameter `/deployment-pipeline/<service>/break-glass` count, in the pipeline's
   * account. The pipeline grants it these writes, also if it was imported by its name or ARN, as long as its policies
   * can be changed.
   */
  readonly role: iam.IRole;
}

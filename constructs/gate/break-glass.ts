import type * as iam from 'aws-cdk-lib/aws-iam';

/** Who may override the gates of a service in an emergency. */
export interface BreakGlass {
  /**
   * The only role whose writing of the parameter `/deployment-pipeline/<service>/break-glass` counts, in the pipeline's
   * account. It is granted that; a role that was imported by its name or ARN, too, as long as its policies can be changed.
   */
  readonly role: iam.IRole;
}

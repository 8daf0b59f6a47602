import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Lets the source action use its connection under both names of the service. The CDK grants the old action name alone.
 * AWS requires that the prefix of the action matches the ARN of the connection ("Connections rename", Developer Tools
 * console user guide).
 */
export function allowConnection(pipeline: codepipeline.Pipeline): void {
  const policies = pipeline.node
    .findChild('Source')
    .node.findAll()
    .filter((node) => node instanceof iam.Policy);
  for (const { document } of policies) {
    const { Statement: statements = [] } = document.toJSON() ?? {};
    for (const { Action: action, Resource: resource } of statements) {
      if (action !== 'codestar-connections:UseConnection') continue;
      document.addStatements(
        new iam.PolicyStatement({ actions: ['codeconnections:UseConnection'], resources: [resource].flat() }),
      );
    }
  }
}

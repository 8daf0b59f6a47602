import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Lets the source action use its connection under both names of the service. The CDK grants the old action name alone, and
 * AWS asks that the name of the action matches the ARN of the connection, which is `codeconnections` since July 2024
 * (Developer Tools console user guide, "Connections rename").
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

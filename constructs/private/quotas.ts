import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** CodeDeploy's quota of custom deployment configurations in one account and region. */
export const DEPLOYMENT_CONFIGS = 50;

const WATCHED = Symbol.for('microservice-deployment-pipeline.quotas');

/** Checks, when the app is synthesized, what all of its services together ask of one account and region. */
export function watchQuotas(scope: IConstruct): void {
  const root = scope.node.root as IConstruct & { [WATCHED]?: boolean };
  if (!root[WATCHED]) {
    Object.defineProperty(root, WATCHED, { value: true });
    root.node.addValidation({ validate: () => deploymentConfigErrors(root) });
  }
}

function deploymentConfigErrors(root: IConstruct): string[] {
  const counts = new Map<string, number>();
  for (const node of root.node.findAll()) {
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::CodeDeploy::DeploymentConfig') {
      const { account, region } = Stack.of(node);
      const place = `${region} of account ${account}`;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count > DEPLOYMENT_CONFIGS)
    .map(
      ([place, count]) =>
        `${count} custom deployment configurations in ${place}, but CodeDeploy allows ${DEPLOYMENT_CONFIGS}: let the services share them, with a DeploymentBaseline there and sharedDeploymentConfigs in the DeploymentStandard`,
    );
}

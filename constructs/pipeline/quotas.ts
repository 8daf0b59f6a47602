import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { CfnDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import type { IConstruct } from 'constructs';
import { environmentOf } from '../environment/environment';
import type { MicroserviceStage } from '../microservice/microservice-stage';

/** CodeDeploy's quota of custom deployment configurations in one account and region. */
export const DEPLOYMENT_CONFIGS = 50;

/** Prefix of the configurations that CodeDeploy has in every account. */
const PREDEFINED = 'CodeDeployDefault.';

const WATCHED = Symbol.for('microservice-deployment-pipeline.quotas');

/**
 * Checks at synth the deployment configurations that all services of the app together need in one account and region.
 */
export function watchQuotas(scope: IConstruct): void {
  const root = scope.node.root as IConstruct & { [WATCHED]?: boolean };
  if (!root[WATCHED]) {
    Object.defineProperty(root, WATCHED, { value: true });
    root.node.addValidation({ validate: () => deploymentConfigErrors(root) });
  }
}

function deploymentConfigErrors(root: IConstruct): string[] {
  const nodes = root.node.findAll();
  const configs = configsByPlace(nodes);
  const tooMany = [...configs]
    .filter(([, names]) => names.length > DEPLOYMENT_CONFIGS)
    .map(
      ([place, names]) =>
        `${names.length} custom deployment configurations in ${place}, but CodeDeploy allows ${DEPLOYMENT_CONFIGS}: let the services share them, with a DeploymentBaseline there and sharedDeploymentConfigs in the DeploymentStandard`,
    );
  return [...tooMany, ...nodes.filter(Stage.isStage).flatMap((stage) => missingConfigs(stage, configs))];
}

/** Returns the names of the deployment configurations that the app creates, by account and region. */
function configsByPlace(nodes: readonly IConstruct[]): ReadonlyMap<string, readonly (string | undefined)[]> {
  const configs = new Map<string, (string | undefined)[]>();
  for (const node of nodes) {
    if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::CodeDeploy::DeploymentConfig') {
      const { account, region } = Stack.of(node);
      const names = configs.get(placeOf(account, region)) ?? [];
      configs.set(placeOf(account, region), [...names, (node as CfnDeploymentConfig).deploymentConfigName]);
    }
  }
  return configs;
}

/** Lists the shared configurations that a baseline in this app lacks. Synth cannot read a baseline elsewhere. */
function missingConfigs(stage: Stage, configs: ReadonlyMap<string, readonly (string | undefined)[]>): string[] {
  const environment = environmentOf(stage);
  if (!environment?.sharedDeploymentConfigs) {
    return [];
  }
  const place = placeOf(environment.account, environment.region);
  const there = configs.get(place);
  const plan = (stage as Partial<MicroserviceStage>).workload?._plan();
  return [plan?.canaryConfig, plan?.waveConfig]
    .filter((name) => name !== undefined && !name.startsWith(PREDEFINED) && there && !there.includes(name))
    .map(
      (name) =>
        `microservice '${environment.service}' needs the deployment configuration ${name} in ${place}, but no DeploymentBaseline there has it: add it to canaryPercentages or linearSteps of the baseline`,
    );
}

const placeOf = (account: string, region: string): string => `${region} of account ${account}`;

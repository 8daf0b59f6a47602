import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';

const REQUIRED = ['microservice', 'source', 'checks', 'staging', 'regions'] as const;

/** Refuses missing properties, for callers whose types no compiler checks. */
export function requireProps(props: MicroserviceDeploymentPipelineProps): void {
  const missing = REQUIRED.filter((property) => props?.[property] === undefined || props[property] === null);
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: a MicroserviceDeploymentPipeline needs ${REQUIRED.join(', ')}`,
    );
  }
  if (!Array.isArray(props.regions)) {
    throw new Error('regions must be a list: put { env: { account, region }, trafficShare } into brackets');
  }
}

/**
 * Returns the pipeline's stack, whose account and region must be known: names and cross-account trust are made of them.
 */
export function concreteStack(scope: Construct): Stack {
  const stack = Stack.of(scope);
  if (Token.isUnresolved(stack.account) || Token.isUnresolved(stack.region)) {
    throw new Error(
      `Stack '${stack.node.path}' of the pipeline has no explicit account and region: give it env: { account: '111111111111', region: 'us-west-2' }. The environments' roles trust the pipeline's account by number`,
    );
  }
  return stack;
}

const SERVICES = Symbol.for('microservice-deployment-pipeline.services');

/** Refuses a second pipeline for a microservice in the same app: names of roles, tables and alarms would collide. */
export function checkUnclaimed(scope: IConstruct, service: string): void {
  const other = claims(scope).get(service);
  if (other !== undefined) {
    throw new Error(
      `microservice '${service}' has a pipeline already, at '${other}': a microservice has one path to production, so give the second service another name`,
    );
  }
}

/** Records that the microservice has its pipeline here. */
export function claimService(scope: IConstruct, service: string): void {
  claims(scope).set(service, scope.node.path);
}

/** Paths of pipelines, by microservice. */
function claims(scope: IConstruct): Map<string, string> {
  const root = scope.node.root as unknown as { [SERVICES]?: Map<string, string> };
  root[SERVICES] ??= new Map();
  return root[SERVICES];
}

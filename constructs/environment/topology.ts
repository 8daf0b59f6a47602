import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { topologyParameterName } from '../../lib/plan/names';
import { topologyText } from '../../lib/plan/topology';
import type { Environment } from './environment';
import { Phase } from './phase';
import type { WorkloadPlan } from './workload-plan';

/** Writes to every production environment where production is: a person can roll back from any region that answers. */
export function publishTopology(scope: Construct, environment: Environment, targets: WorkloadPlan['targets']): void {
  if (environment.phase !== Phase.PRODUCTION) return;
  const { service, pipeline, production } = environment;
  const kinds = Object.entries(targets).map(([key, { kind }]) => [key, kind]);
  new CfnParameter(scope, 'Topology', {
    name: topologyParameterName(service),
    type: 'String',
    description: `Where production and the pipeline of ${service} are`,
    value: topologyText({ service, pipeline, production, targets: Object.fromEntries(kinds) }),
  });
}

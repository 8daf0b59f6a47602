import { Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { pipelineParameterName } from '../../lib/plan/names';
import { type PipelineFacts, pipelineJson } from '../../lib/plan/topology';

/** Writes a parameter with the place of the pipeline's ledger, for the command-line tool. */
export function publishPipeline(scope: Construct, facts: PipelineFacts): void {
  const { service } = facts.topology;
  new CfnParameter(scope, 'PipelineParameter', {
    name: pipelineParameterName(service),
    type: 'String',
    description: `Pipeline of ${service}: its ledger, and where its production is`,
    value: Stack.of(scope).toJsonString(pipelineJson(facts)),
  });
}

import { codePipelineIn, executionStatus } from '../../aws/codepipeline';
import { dynamoDbIn } from '../../aws/dynamodb';
import { readParameters } from '../../aws/ssm';
import { stopExecution } from '../../aws/step-functions';
import { CliError } from '../../core/cli-error';
import type { ExecutionStatus } from '../../ledger/acquire';
import { Ledger } from '../../ledger/ledger';
import type { Transitions } from '../../ledger/transitions';
import { transitionsOf } from '../../ledger/transitions-of-pipeline';
import { pipelineParameterName } from '../../plan/names';
import { parsePipeline, type Topology } from '../../plan/topology';
import type { Found } from './find-topology';
import { accessTo } from './operator';

/** Pipeline whose region answers. */
export interface PipelineSide {
  /** Latest topology, from the pipeline's own parameter. */
  readonly topology: Topology;
  readonly ledger: Ledger;
  readonly transitions: Transitions;
  readonly statusOf: ExecutionStatus;
  /** Stops an execution of the rollout machine. */
  stop(executionArn: string, cause: string): Promise<void>;
}

/** Connects to the pipeline. Throws if its region does not answer. */
export async function connect({ topology, operator }: Found): Promise<PipelineSide> {
  const { service, pipeline } = topology;
  const access = accessTo(operator, pipeline);
  if ('refused' in access) throw new CliError(`the pipeline ${access.refused}`);
  const place = { service, region: pipeline.region, ...access };
  const name = pipelineParameterName(service);
  const value = (await readParameters(place, [name])).get(name);
  if (value === undefined) throw new CliError(`${pipeline.region} has no parameter ${name}: deploy the pipeline again`);
  const facts = parsePipeline(value, `parameter ${name} in ${pipeline.region}`);
  const client = codePipelineIn(place);
  return {
    topology: facts.topology,
    ledger: new Ledger(dynamoDbIn(place), facts.table),
    transitions: transitionsOf(client, service, facts.stages),
    statusOf: (executionId) => executionStatus(service, executionId, client),
    stop: (executionArn, cause) => stopExecution(place, executionArn, 'RolledBack', cause),
  };
}

import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { perEnvironment } from '../../aws/environment-clients';
import { CliError, EXIT } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { pipelineParameterName, topologyParameterName } from '../../plan/names';
import { parsePipeline, parseTopology, type Topology } from '../../plan/topology';
import type { Operator } from './operator';

const ssm = perEnvironment((config) => new SSMClient(config));

export interface Found {
  readonly topology: Topology;
  readonly operator: Operator;
}

/** Lists the regions to read: the given ones, or the one that the operator's environment or profile names. */
export async function regionsToAsk(given: readonly string[] | undefined): Promise<readonly string[]> {
  if (given && given.length > 0) return given;
  try {
    return [await new SSMClient({}).config.region()];
  } catch {
    throw new CliError(
      'No region is configured: give --region with any production region of the service, or its pipeline’s',
      EXIT.USAGE,
    );
  }
}

/** Finds the regions of a service in the first of these regions that has them, and the account of the credentials. */
export async function findTopology(
  service: string,
  regions: readonly string[],
  roleName: string | undefined,
): Promise<Found> {
  const problems: string[] = [];
  for (const region of regions) {
    try {
      const names = { pipeline: pipelineParameterName(service), topology: topologyParameterName(service) };
      const { Parameters = [] } = await ssm({ service, region }).send(
        new GetParametersCommand({ Names: Object.values(names) }),
      );
      const [found] = Parameters.toSorted((a) => (a.Name === names.pipeline ? -1 : 1));
      const { Name = '', Value, ARN } = found ?? {};
      const [, partition, , , account] = ARN?.split(':') ?? [];
      if (Value === undefined || !account) {
        problems.push(
          `${region} has no entry of ${service}: neither parameter ${names.topology} nor ${names.pipeline} exists`,
        );
        continue;
      }
      const at = `parameter ${Name} in ${region}`;
      const topology = Name === names.pipeline ? parsePipeline(Value, at).topology : parseTopology(Value, at);
      return { topology, operator: { account, partition, roleName } };
    } catch (error) {
      problems.push(`${region}: ${errorText(error)}`);
    }
  }
  throw new CliError(
    `The regions of ${service} could not be read; give --region with a production region that answers, or the pipeline’s, and credentials of its account: ${problems.join('; ')}`,
  );
}

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

/** Regions to ask: those given, or the one that the operator's environment or profile names. */
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

/** Where the service is, from the first of these regions that knows; and whose credentials these are. */
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
          `${region} knows nothing of ${service}: it has neither parameter ${names.topology} nor ${names.pipeline}`,
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
    `Where ${service} runs could not be asked; give --region with a production region that answers, or the pipeline’s, and credentials of its account: ${problems.join('; ')}`,
  );
}

import { configuredRegion, findParameters } from '../../aws/ssm';
import { CliError, EXIT } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { pipelineParameterName, topologyParameterName } from '../../plan/names';
import { parsePipeline, parseTopology, type Topology } from '../../plan/topology';
import type { Operator } from './operator';

export interface Found {
  readonly topology: Topology;
  readonly operator: Operator;
}

/** Lists the regions to read: the given ones, or the one that the operator's environment or profile names. */
export async function searchRegions(given: readonly string[] | undefined): Promise<readonly string[]> {
  if (given && given.length > 0) return given;
  try {
    return [await configuredRegion()];
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
      const parameters = await findParameters({ service, region }, Object.values(names));
      const name = parameters.has(names.pipeline) ? names.pipeline : names.topology;
      const { value, arn } = parameters.get(name) ?? {};
      const [, partition, , , account] = arn?.split(':') ?? [];
      if (value === undefined || !account) {
        problems.push(
          `${region} has no entry of ${service}: neither parameter ${names.topology} nor ${names.pipeline} exists`,
        );
        continue;
      }
      const at = `parameter ${name} in ${region}`;
      const topology = name === names.pipeline ? parsePipeline(value, at).topology : parseTopology(value, at);
      return { topology, operator: { account, partition, roleName } };
    } catch (error) {
      problems.push(`${region}: ${errorText(error)}`);
    }
  }
  throw new CliError(
    `The regions of ${service} could not be read; give --region with a production region that answers, or the pipeline’s, and credentials of its account: ${problems.join('; ')}`,
  );
}

import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Environment, perEnvironment } from './environment-clients';

/** GetParameters refuses more names. */
const BATCH = 10;

const ssm = perEnvironment((config) => new SSMClient(config));

/** Reads parameters by name. Those that do not exist are missing in the answer; what SSM does not tell of is an error. */
export async function readParameters(
  environment: Environment,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < names.length; start += BATCH) {
    const Names = names.slice(start, start + BATCH);
    const { Parameters, InvalidParameters } = await ssm(environment).send(new GetParametersCommand({ Names }));
    for (const { Name, Value } of Parameters ?? []) {
      if (Name !== undefined && Value !== undefined) found.set(Name, Value);
    }
    const untold = Names.filter((name) => !found.has(name) && !InvalidParameters?.includes(name));
    if (untold.length > 0) throw new Error(`SSM in ${environment.region} did not tell of ${untold.join(', ')}`);
  }
  return found;
}

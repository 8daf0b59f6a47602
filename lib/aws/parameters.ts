import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Environment, perEnvironment } from './environment-clients';

/** GetParameters refuses more names. */
const BATCH = 10;

const ssm = perEnvironment((config) => new SSMClient(config));

/** Reads parameters by name. Those that do not exist are missing in the answer. */
export async function readParameters(
  environment: Environment,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < names.length; start += BATCH) {
    const { Parameters } = await ssm(environment).send(
      new GetParametersCommand({ Names: names.slice(start, start + BATCH) }),
    );
    for (const { Name, Value } of Parameters ?? []) {
      if (Name !== undefined && Value !== undefined) found.set(Name, Value);
    }
  }
  return found;
}

import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  type ParameterHistory,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { isNamed } from '../core/error-text';
import { type Environment, perEnvironment } from './environment-clients';

/** Maximum names in one call of GetParameters. */
const BATCH = 10;

/** Maximum versions in one page. Systems Manager keeps the last 100 versions of a parameter. */
const PAGE = 50;

const ssm = perEnvironment((config) => new SSMClient(config));

/** Reads parameters by name. Those that do not exist are missing in the answer; a name without an answer is an error. */
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
    const unanswered = Names.filter((name) => !found.has(name) && !InvalidParameters?.includes(name));
    if (unanswered.length > 0) throw new Error(`SSM in ${environment.region} did not return ${unanswered.join(', ')}`);
  }
  return found;
}

/** Reads the values of all versions that Systems Manager keeps of a parameter, the newest last; none without a parameter. */
export async function readVersions(environment: Environment, name: string): Promise<readonly string[]> {
  const versions: ParameterHistory[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const command = new GetParameterHistoryCommand({ Name: name, MaxResults: PAGE, NextToken });
      const { Parameters, NextToken: next } = await ssm(environment).send(command);
      if (!Parameters) throw new Error(`SSM in ${environment.region} gave an empty answer about ${name}`);
      versions.push(...Parameters);
      NextToken = next || undefined;
    } while (NextToken);
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound')) return [];
    throw error;
  }
  return versions.toSorted((a, b) => (a.Version ?? 0) - (b.Version ?? 0)).flatMap(({ Value }) => Value ?? []);
}

/** Writes a parameter; an existing one gets a new version. */
export async function writeParameter(environment: Environment, name: string, value: string): Promise<void> {
  const command = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true });
  const { Version } = await ssm(environment).send(command);
  if (Version === undefined) throw new Error(`SSM in ${environment.region} did not confirm that it wrote ${name}`);
}

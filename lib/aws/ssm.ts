import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  type Parameter,
  type ParameterHistory,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { isNamed } from '../core/error-text';
import { CLIENT_CONFIG } from './client-config';
import { type Environment, perEnvironment } from './environment-clients';
import type { StoredParameter } from './facts';

/** Maximum names in one call of GetParameters. */
const BATCH = 10;

/** Maximum versions in one page. Systems Manager keeps the last 100 versions of a parameter. */
const PAGE = 50;

const ssm = perEnvironment((config) => new SSMClient(config));

let ownClient: SSMClient | undefined;

/** Account and region of parameters, and their name in errors. */
interface Store {
  readonly client: SSMClient;
  readonly name: string;
}

const storeOf = (environment: Environment): Store => ({
  client: ssm(environment),
  name: `SSM in ${environment.region}`,
});

/** Returns the store of the handler's own account and region. */
function ownStore(): Store {
  ownClient ??= new SSMClient(CLIENT_CONFIG);
  return { client: ownClient, name: 'Systems Manager' };
}

/** Parameters by name, and the names of a call that got neither a parameter nor "there is none". */
interface Batches<T> {
  readonly found: ReadonlyMap<string, T>;
  readonly unanswered: readonly string[];
}

/** Reads the values of parameters by name. Those that do not exist are missing; a name without an answer is an error. */
export async function readParameters(
  environment: Environment,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const store = storeOf(environment);
  return complete(store, await readBatches(store, names, ({ Value }) => Value));
}

/**
 * Reads parameters of the handler's own account and region by name. Those that do not exist are missing; a name without
 * an answer is an error.
 */
export async function readOwnParameters(names: readonly string[]): Promise<ReadonlyMap<string, StoredParameter>> {
  const store = ownStore();
  return complete(store, await readBatches(store, names, storedParameter));
}

/** Reads the values and ARNs of parameters by name. Those without an answer are missing, as if they did not exist. */
export async function findParameters(
  environment: Environment,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly value: string; readonly arn?: string }>> {
  const facts = ({ Value: value, ARN: arn }: Parameter) => (value === undefined ? undefined : { value, arn });
  return (await readBatches(storeOf(environment), names, facts)).found;
}

/** Reads parameters batch after batch, until a batch lacks an answer. */
async function readBatches<T>(
  { client }: Store,
  names: readonly string[],
  factsOf: (parameter: Parameter) => T | undefined,
): Promise<Batches<T>> {
  const found = new Map<string, T>();
  for (let start = 0; start < names.length; start += BATCH) {
    const Names = names.slice(start, start + BATCH);
    const { Parameters, InvalidParameters } = await client.send(new GetParametersCommand({ Names }));
    for (const parameter of Parameters ?? []) {
      const facts = factsOf(parameter);
      if (parameter.Name !== undefined && facts !== undefined) found.set(parameter.Name, facts);
    }
    const unanswered = Names.filter((name) => !found.has(name) && !InvalidParameters?.includes(name));
    if (unanswered.length > 0) return { found, unanswered };
  }
  return { found, unanswered: [] };
}

function complete<T>({ name }: Store, { found, unanswered }: Batches<T>): ReadonlyMap<string, T> {
  if (unanswered.length > 0) throw new Error(`${name} did not return ${unanswered.join(', ')}`);
  return found;
}

function storedParameter({ Value, Version, LastModifiedDate }: Parameter): StoredParameter | undefined {
  if (Value === undefined || Version === undefined || !LastModifiedDate) return undefined;
  return { value: Value, version: Version, modifiedAt: LastModifiedDate.toISOString() };
}

/** Reads the values of all versions that Systems Manager keeps of a parameter, the newest last; none without a parameter. */
export async function readVersions(environment: Environment, name: string): Promise<readonly string[]> {
  const versions = await readHistory(storeOf(environment), name);
  return (versions ?? []).flatMap(({ Value }) => Value ?? []);
}

/** Reads a parameter of the handler's own account and region, and its writer. Undefined when there is none. */
export async function readWithAuthor(name: string): Promise<StoredParameter | undefined> {
  const store = ownStore();
  const versions = await readHistory(store, name);
  if (!versions) return undefined;
  const last = versions.at(-1);
  const stored = last && storedParameter(last);
  if (!stored) throw new Error(`${store.name} did not return the value of ${name}`);
  return { ...stored, modifiedBy: last.LastModifiedUser };
}

/** Reads all versions that Systems Manager keeps of a parameter, the newest last; undefined without a parameter. */
async function readHistory(
  { client, name: store }: Store,
  name: string,
): Promise<readonly ParameterHistory[] | undefined> {
  const versions: ParameterHistory[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const command = new GetParameterHistoryCommand({ Name: name, MaxResults: PAGE, NextToken });
      const { Parameters, NextToken: next } = await client.send(command);
      if (!Parameters) throw new Error(`${store} gave an empty answer about ${name}`);
      versions.push(...Parameters);
      NextToken = next || undefined;
    } while (NextToken);
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
  return versions.toSorted((a, b) => (a.Version ?? 0) - (b.Version ?? 0));
}

/** Writes a parameter; an existing one gets a new version. */
export async function writeParameter(environment: Environment, name: string, value: string): Promise<void> {
  const command = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true });
  const { Version } = await ssm(environment).send(command);
  if (Version === undefined) throw new Error(`SSM in ${environment.region} did not confirm that it wrote ${name}`);
}

/** Reads the region that the process' environment or profile names. Throws if they name none. */
export const configuredRegion = (): Promise<string> => new SSMClient({}).config.region();

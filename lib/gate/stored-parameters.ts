import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  type ParameterHistory,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { CLIENT_CONFIG } from '../aws/client-config';
import { isNamed } from '../core/error-text';
import type { StoredParameter } from './parameter';

/** Maximum names in one call of GetParameters. */
const BATCH = 10;

/** Maximum versions in one page. Systems Manager keeps at most 100 versions of a parameter. */
const PAGE = 50;

let client: SSMClient | undefined;

/** Returns the client of the handler's own account and region. */
function ssm(): SSMClient {
  client ??= new SSMClient(CLIENT_CONFIG);
  return client;
}

/** Reads parameters by name. Those that do not exist are missing in the answer; a name without an answer is an error. */
export async function readStored(names: readonly string[]): Promise<ReadonlyMap<string, StoredParameter>> {
  const found = new Map<string, StoredParameter>();
  for (let start = 0; start < names.length; start += BATCH) {
    const Names = names.slice(start, start + BATCH);
    const { Parameters = [], InvalidParameters = [] } = await ssm().send(new GetParametersCommand({ Names }));
    for (const { Name, Value, Version, LastModifiedDate } of Parameters) {
      if (Name === undefined || Value === undefined || Version === undefined || !LastModifiedDate) continue;
      found.set(Name, { value: Value, version: Version, modifiedAt: LastModifiedDate.toISOString() });
    }
    const unanswered = Names.filter((name) => !found.has(name) && !InvalidParameters.includes(name));
    if (unanswered.length > 0) throw new Error(`Systems Manager did not return ${unanswered.join(', ')}`);
  }
  return found;
}

/** Reads a parameter and its writer. Undefined when there is none. */
export async function readWithAuthor(name: string): Promise<StoredParameter | undefined> {
  let last: ParameterHistory | undefined;
  let NextToken: string | undefined;
  try {
    do {
      const answer = await ssm().send(new GetParameterHistoryCommand({ Name: name, MaxResults: PAGE, NextToken }));
      if (!answer.Parameters) throw new Error(`Systems Manager gave an empty answer about ${name}`);
      for (const each of answer.Parameters) if ((each.Version ?? 0) > (last?.Version ?? 0)) last = each;
      NextToken = answer.NextToken || undefined;
    } while (NextToken);
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
  if (last?.Value === undefined || last.Version === undefined || !last.LastModifiedDate) {
    throw new Error(`Systems Manager did not return the value of ${name}`);
  }
  const { Value: value, Version: version, LastModifiedDate, LastModifiedUser: modifiedBy } = last;
  return { value, version, modifiedAt: LastModifiedDate.toISOString(), modifiedBy };
}

import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { type Environment, perEnvironment } from '../../aws/environment-clients';
import { isNamed } from '../../core/error-text';
import type { Serving } from '../serving';
import { type AliasName, lambdaRevision } from './revision';

const lambda = perEnvironment((config) => new LambdaClient(config));

/** Fields of a published version that two versions must agree on to share an alias. */
export interface VersionFacts {
  readonly version: string;
  readonly role: string;
  readonly deadLetterQueue?: string;
}

/** Reads where an alias sends its traffic; undefined when there is no such alias. */
export async function readServing(environment: Environment, name: AliasName): Promise<Serving | undefined> {
  try {
    const answer = await lambda(environment).send(
      new GetAliasCommand({ FunctionName: name.functionName, Name: name.alias }),
    );
    if (!answer.FunctionVersion) throw new Error(`Lambda gave no version for ${text(name)}`);
    const weights = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
    return {
      main: lambdaRevision(answer.FunctionVersion),
      others: weights.map(([version, share]) => ({ revision: lambdaRevision(version), share })),
      token: answer.RevisionId,
    };
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** Sends all of an alias' traffic to one version, unless somebody else has changed the alias meanwhile. */
export async function pointAlias(
  environment: Environment,
  name: AliasName,
  { to, revisionId }: { readonly to: string; readonly revisionId: string | undefined },
): Promise<void> {
  await lambda(environment).send(
    new UpdateAliasCommand({
      FunctionName: name.functionName,
      Name: name.alias,
      FunctionVersion: to,
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: revisionId,
    }),
  );
}

/** Reads the fields that two versions must agree on to share an alias. */
export async function readVersion(
  environment: Environment,
  functionName: string,
  version: string,
): Promise<VersionFacts> {
  const answer = await lambda(environment).send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version }),
  );
  if (!answer.Role) throw new Error(`Lambda gave no role for version ${version} of ${functionName}`);
  return { version, role: answer.Role, deadLetterQueue: answer.DeadLetterConfig?.TargetArn };
}

/**
 * Returns true if Lambda reports that the version does not exist. A failed call returns false: it keeps nothing from
 * returning.
 */
export async function isMissing(environment: Environment, functionName: string, version: string): Promise<boolean> {
  try {
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version });
    await lambda(environment).send(command);
    return false;
  } catch (error) {
    return isNamed(error, 'ResourceNotFoundException');
  }
}

/** Returns true if the alias has provisioned concurrency. */
export async function hasProvisionedConcurrency(environment: Environment, name: AliasName): Promise<boolean> {
  try {
    const { Status } = await lambda(environment).send(
      new GetProvisionedConcurrencyConfigCommand({ FunctionName: name.functionName, Qualifier: name.alias }),
    );
    if (!Status) throw new Error(`Lambda gave no provisioned concurrency for ${text(name)}`);
    return true;
  } catch (error) {
    if (isNamed(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException')) return false;
    throw error;
  }
}

const text = ({ functionName, alias }: AliasName): string => `${functionName}:${alias}`;

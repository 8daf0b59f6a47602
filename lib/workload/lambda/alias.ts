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

/** What Lambda tells of a published version, as far as a weighted alias needs two versions to agree on it. */
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
    if (!answer.FunctionVersion) throw new Error(`Lambda did not say which version ${text(name)} serves`);
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

/** What two versions must agree on to share an alias. */
export async function readVersion(
  environment: Environment,
  functionName: string,
  version: string,
): Promise<VersionFacts> {
  const answer = await lambda(environment).send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version }),
  );
  if (!answer.Role) throw new Error(`Lambda did not say which role version ${version} of ${functionName} has`);
  return { version, role: answer.Role, deadLetterQueue: answer.DeadLetterConfig?.TargetArn };
}

/** Whether Lambda says that there is no such version. Not when it cannot be asked: that keeps nothing from returning. */
export async function isMissing(environment: Environment, functionName: string, version: string): Promise<boolean> {
  try {
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version });
    await lambda(environment).send(command);
    return false;
  } catch (error) {
    return isNamed(error, 'ResourceNotFoundException');
  }
}

/** Whether the alias has provisioned concurrency. */
export async function hasProvisionedConcurrency(environment: Environment, name: AliasName): Promise<boolean> {
  try {
    const { Status } = await lambda(environment).send(
      new GetProvisionedConcurrencyConfigCommand({ FunctionName: name.functionName, Qualifier: name.alias }),
    );
    if (!Status) throw new Error(`Lambda did not say which provisioned concurrency ${text(name)} has`);
    return true;
  } catch (error) {
    if (isNamed(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException')) return false;
    throw error;
  }
}

const text = ({ functionName, alias }: AliasName): string => `${functionName}:${alias}`;

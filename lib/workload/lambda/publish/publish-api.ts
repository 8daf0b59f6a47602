import {
  type AliasConfiguration,
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
  paginateListAliases,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import type { Configuration } from './configuration';
import type { Alias, LambdaPort } from './lambda-port';

const client = new LambdaClient({
  maxAttempts: 3,
  // A publication of much code takes longer than most calls.
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 },
});

/** Lambda as `Custom::LambdaPublication` needs it, in the region that this code runs in. */
export class PublishApi implements LambdaPort {
  async configuration(functionName: string, version?: string): Promise<Configuration> {
    return client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version }));
  }

  async publish(functionName: string, { CodeSha256, RevisionId }: Configuration): Promise<string | undefined> {
    return unless(['PreconditionFailedException', 'ResourceConflictException'], async () => {
      const published = await client.send(
        new PublishVersionCommand({ FunctionName: functionName, CodeSha256, RevisionId }),
      );
      return given(published.Version, 'Version');
    });
  }

  async alias(functionName: string, name: string): Promise<Alias | undefined> {
    return unless(['ResourceNotFoundException'], async () =>
      toAlias(await client.send(new GetAliasCommand({ FunctionName: functionName, Name: name }))),
    );
  }

  async createAlias(functionName: string, name: string, version: string): Promise<Alias | undefined> {
    return unless(['ResourceConflictException'], async () =>
      toAlias(
        await client.send(
          new CreateAliasCommand({
            FunctionName: functionName,
            Name: name,
            FunctionVersion: version,
            Description: 'Alias for callers. Deployments move it: do not edit.',
          }),
        ),
      ),
    );
  }

  async aliases(functionName: string): Promise<readonly Alias[]> {
    const found: Alias[] = [];
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName: functionName })) {
      found.push(...Aliases.map(toAlias));
    }
    return found;
  }

  async versions(functionName: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: functionName })) {
      found.push(...Versions.map(({ Version }) => given(Version, 'Version')));
    }
    return found;
  }

  async deleteVersion(functionName: string, version: string): Promise<void> {
    // Without a qualifier this would delete the function.
    if (!/^[1-9]\d*$/.test(version)) {
      throw new Error(`'${version}' is not a published version`);
    }
    await unless(['ResourceNotFoundException'], () =>
      client.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version })),
    );
  }
}

/** Does the work, or returns undefined if it was refused with one of these errors. */
async function unless<T>(names: readonly string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) {
      return undefined;
    }
    throw error;
  }
}

function toAlias({ AliasArn, FunctionVersion, RoutingConfig }: AliasConfiguration): Alias {
  return {
    arn: given(AliasArn, 'AliasArn'),
    version: given(FunctionVersion, 'FunctionVersion'),
    weighted: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
  };
}

function given(value: string | undefined, name: string): string {
  if (!value) {
    throw new Error(`Lambda answered without ${name}`);
  }
  return value;
}

import { type Configuration, sameRevision } from './configuration';
import type { Alias, LambdaPort } from './lambda-port';
import { prunable } from './prune';
import { readiness } from './readiness';
import type { PublishProperties } from './request';

export interface Published {
  readonly functionName: string;
  readonly aliasName: string;
  readonly aliasArn: string;
  /** The published version. It is the live one if code and configuration are those of the live one. */
  readonly candidate: string;
}

/** Clock and deadline. */
export interface Timing {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Moment at which waiting ends, in milliseconds since 1970. */
  readonly deadline: number;
}

/** Milliseconds between two reads of a function that is being updated. */
const POLL_MILLISECONDS = 1_000;

/**
 * Publishes the present code and configuration of a function as a version, unless they are live already, and makes sure
 * that the alias exists. Never moves an existing alias: shifting traffic is the rollouts' job.
 */
export async function publish(lambda: LambdaPort, properties: PublishProperties, timing: Timing): Promise<Published> {
  const { functionName, aliasName } = properties;
  const existing = await lambda.alias(functionName, aliasName);
  if (existing?.version === '$LATEST') {
    throw new Error(
      `The alias ${aliasName} of ${functionName} points to $LATEST, which cannot be rolled out. Point it to a published ` +
        `version: aws lambda update-alias --function-name ${functionName} --name ${aliasName} --function-version <version>`,
    );
  }
  const candidate = await publishUnlessLive(lambda, functionName, existing, timing);
  const alias =
    existing ??
    (await lambda.createAlias(functionName, aliasName, candidate)) ??
    // Somebody else has created it meanwhile.
    (await lambda.alias(functionName, aliasName));
  if (!alias) {
    throw new Error(`The alias ${aliasName} of ${functionName} was there and is gone: somebody else is deleting it`);
  }
  return { functionName, aliasName, aliasArn: alias.arn, candidate };
}

/**
 * Deletes versions that nothing needs, while there is time.
 *
 * @returns the versions that it deleted
 */
export async function prune(lambda: LambdaPort, published: Published, timing: Timing): Promise<string[]> {
  const { functionName, candidate } = published;
  const aliases = await lambda.aliases(functionName);
  const deleted: string[] = [];
  for (const version of prunable(await lambda.versions(functionName), aliases, candidate)) {
    if (timing.now() >= timing.deadline) {
      break;
    }
    await lambda.deleteVersion(functionName, version);
    deleted.push(version);
  }
  return deleted;
}

async function publishUnlessLive(
  lambda: LambdaPort,
  functionName: string,
  alias: Alias | undefined,
  timing: Timing,
): Promise<string> {
  const live = alias && (await lambda.configuration(functionName, alias.version));
  for (;;) {
    const latest = await ready(lambda, functionName, undefined, timing);
    if (alias && live && sameRevision(latest, live)) {
      return alias.version;
    }
    const version = await lambda.publish(functionName, latest);
    if (version !== undefined) {
      // With SnapStart a version takes minutes to become active, and may fail to.
      await ready(lambda, functionName, version, timing);
      return version;
    }
    await pause(`${functionName} kept changing while it was to be published`, timing);
  }
}

/** Waits until a function, or a version of it, is settled. */
async function ready(
  lambda: LambdaPort,
  functionName: string,
  version: string | undefined,
  timing: Timing,
): Promise<Configuration> {
  const what = version === undefined ? functionName : `Version ${version} of ${functionName}`;
  for (;;) {
    const configuration = await lambda.configuration(functionName, version);
    const found = readiness(configuration);
    switch (found.state) {
      case 'READY':
        return configuration;
      case 'FAILED':
        throw new Error(`${what} cannot be published: ${found.reason}`);
      case 'WAIT':
        await pause(`${what} did not get ready in time: ${found.reason}`, timing);
    }
  }
}

async function pause(reason: string, { now, sleep, deadline }: Timing): Promise<void> {
  if (now() + POLL_MILLISECONDS > deadline) {
    throw new Error(reason);
  }
  await sleep(POLL_MILLISECONDS);
}

import * as path from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Place } from '../local-aws/call';
import type { World } from '../local-aws/world';
import { loadModule } from './bundles';

/** The command-line tool as it ships. */
export const COMMAND_LINE = path.join(__dirname, '..', '..', 'dist', 'bin', 'microservice-deployment-pipeline.js');

export interface CommandResult {
  readonly exitCode: number;
  /** Output on both streams. */
  readonly output: string;
}

type Environment = ReturnType<World['environmentOf']>;

/** Runs a command with the credentials of an account, in virtual time, as if in a process of its own. */
export const command = (world: World, place: Place, ...args: readonly string[]): Promise<CommandResult> =>
  commandIn(world, world.environmentOf(place), args);

/** Runs a command with the credentials of a role, which trusts its own account. */
export async function commandAs(
  world: World,
  place: Place,
  roleName: string,
  ...args: readonly string[]
): Promise<CommandResult> {
  const RoleArn = `arn:aws:iam::${place.account}:role/${roleName}`;
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'operator' });
  const { Credentials } = await new STSClient(world.client(place)).send(assume);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const env = {
    ...world.environmentOf(place),
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
  return commandIn(world, env, args);
}

async function commandIn(world: World, env: Environment, args: readonly string[]): Promise<CommandResult> {
  const { exports, logs } = loadModule<{ run(args: readonly string[]): Promise<number> }>(world, COMMAND_LINE, env);
  const exitCode = await world.clock.participate(() => exports.run(args));
  return { exitCode, output: logs.join('\n') };
}

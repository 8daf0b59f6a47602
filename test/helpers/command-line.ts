import * as path from 'node:path';
import type { Place } from '../local-aws/call';
import type { World } from '../local-aws/world';
import { loadModule } from './bundles';

/** The command-line tool as it ships. */
export const COMMAND_LINE = path.join(__dirname, '..', '..', 'dist', 'bin', 'deployment-pipeline.js');

export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, on both streams. */
  readonly output: string;
}

/** Gives a command with the credentials of an account, in virtual time, as if in a process of its own. */
export async function command(world: World, place: Place, ...args: readonly string[]): Promise<CommandResult> {
  const { exports, logs } = loadModule<{ run(args: readonly string[]): Promise<number> }>(
    world,
    COMMAND_LINE,
    world.environmentOf(place),
  );
  const exitCode = await world.clock.participate(() => exports.run(args));
  return { exitCode, output: logs.join('\n') };
}

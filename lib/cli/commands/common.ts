import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { type Found, findTopology, searchRegions } from '../../rollback/by-hand/find-topology';

/** Options of every command. */
export interface CommonOptions {
  readonly service: string;
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly roleName?: string;
  readonly json?: boolean;
}

export function withCommonOptions(command: Command): Command {
  return command
    .requiredOption('--service <name>', 'the microservice')
    .option(
      '--region <regions...>',
      'regions to find the service in: any production region, or the pipeline’s (default: the configured one)',
    )
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--role-name <name>', 'role to assume in accounts that are not those of the credentials')
    .option('--json', 'print JSON');
}

/** Finds the service's regions. From here on the clients use the profile. */
export async function locate({ service, region, profile, roleName }: CommonOptions): Promise<Found> {
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  return findTopology(service, await searchRegions(region), roleName);
}

/** Default name of the person who gives the command. */
export function defaultName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'a person';
  }
}

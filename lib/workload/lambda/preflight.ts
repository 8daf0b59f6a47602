import type { Environment } from '../../aws/environment-clients';
import { hasProvisionedConcurrency, readVersion, type VersionFacts } from './alias';
import type { AliasName } from './revision';

/** Facts that Lambda compares before it splits traffic between two versions of a function. */
export interface SplitFacts {
  readonly provisionedConcurrency: boolean;
  readonly stable: VersionFacts;
  readonly candidate: VersionFacts;
}

/**
 * Lists the reasons why Lambda would refuse to split traffic between two versions, or could not manage the function
 * meanwhile.
 */
export async function readRefusals(
  environment: Environment,
  name: AliasName,
  stable: string,
  candidate: string,
): Promise<readonly string[]> {
  const provisionedConcurrency = await hasProvisionedConcurrency(environment, name);
  return refusalsOf({
    provisionedConcurrency,
    stable: await readVersion(environment, name.functionName, stable),
    candidate: await readVersion(environment, name.functionName, candidate),
  });
}

/** Lists the reasons. Each one follows the function's name in a message. */
export function refusalsOf({ provisionedConcurrency, stable, candidate }: SplitFacts): readonly string[] {
  const provisioned =
    'has provisioned concurrency under its alias, which Lambda cannot manage while traffic shifts: remove it';
  const differs = (difference: string): string =>
    `cannot shift: its versions ${stable.version} and ${candidate.version} differ in ${difference}, and Lambda needs both the same to split traffic`;
  return [...(provisionedConcurrency ? [provisioned] : []), ...differences(stable, candidate).map(differs)];
}

function differences(stable: VersionFacts, candidate: VersionFacts): readonly string[] {
  const found: string[] = [];
  if (stable.role !== candidate.role) found.push(`their execution role (${stable.role}, ${candidate.role})`);
  if (stable.deadLetterQueue !== candidate.deadLetterQueue) {
    const of = (version: VersionFacts) => version.deadLetterQueue ?? 'none';
    found.push(`their dead-letter queue (${of(stable)}, ${of(candidate)})`);
  }
  return found;
}

/** Where an alias sends its traffic. */
export interface AliasFacts {
  readonly version: string;
  /** By version: its share, 0 to 1, taken from `version`. Empty when one version serves all. */
  readonly weights: { readonly [version: string]: number };
  /** Changes with every change of the alias. */
  readonly revisionId?: string;
}

/** What Lambda tells of a published version, as far as a weighted alias needs two versions to agree on it. */
export interface VersionFacts {
  readonly role: string;
  readonly deadLetterQueue?: string;
}

/** Whether the alias sends everything to this version. */
export const servesAlone = (alias: AliasFacts | undefined, version: string): boolean =>
  alias !== undefined && alias.version === version && Object.values(alias.weights).every((weight) => weight === 0);

/** For a message: `version 3`, or `version 3 (92 %) and version 4 (8 %)`. */
export function traffic(alias: AliasFacts): string {
  const weights = Object.entries(alias.weights).filter(([, weight]) => weight > 0);
  if (weights.length === 0) return `version ${alias.version}`;
  const rest = 1 - weights.reduce((sum, [, weight]) => sum + weight, 0);
  return [[alias.version, rest] as const, ...weights]
    .map(([version, weight]) => `version ${version} (${Math.round(weight * 1000) / 10} %)`)
    .join(' and ');
}

import type { Alias } from './lambda-port';

/** Newest versions that stay in any case. */
export const KEPT_VERSIONS = 10;

/**
 * Lists the published versions that nothing needs any more: not served by any alias, not the candidate, not among the
 * newest.
 *
 * @returns oldest first
 */
export function prunable(versions: readonly string[], aliases: readonly Alias[], candidate: string): string[] {
  const needed = new Set([candidate, ...aliases.flatMap((alias) => [alias.version, ...alias.weighted])]);
  const published = versions.filter((version) => /^[1-9]\d*$/.test(version));
  const oldestFirst = published.sort((a, b) => Number(a) - Number(b));
  return oldestFirst.slice(0, -KEPT_VERSIONS).filter((version) => !needed.has(version));
}

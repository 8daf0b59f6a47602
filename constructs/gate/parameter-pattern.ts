/** Characters that the names may take of the 2,048 of an event pattern. The other fields take about 400. */
const SPACE = 1_500;

/** Matcher of an event pattern: a name, or the folder of several. */
export type ParameterMatcher = string | { readonly prefix: string };

/**
 * Matches the names of parameters in an event pattern. Names that take too much space are matched by their folders. The
 * gate then also checks its blocked releases when a parameter changes that it does not read, which costs one evaluation.
 */
export function parameterPattern(names: readonly string[]): readonly ParameterMatcher[] {
  let folders: readonly string[] = [...new Set(names)];
  let matchers: readonly ParameterMatcher[] = folders;
  while (JSON.stringify(matchers).length > SPACE) {
    folders = [...new Set(folders.map(folderOf))];
    matchers = folders.map((prefix) => ({ prefix }));
  }
  return matchers;
}

/** Returns the folder of a name, or of a folder: `/a/b/c` → `/a/b/` → `/a/` → `/`. */
const folderOf = (name: string): string => name.slice(0, name.slice(0, -1).lastIndexOf('/') + 1);

/** What Lambda says about a function or one of its versions: the fields of its API. */
export interface Configuration {
  readonly Version?: string;
  readonly CodeSha256?: string;
  readonly RevisionId?: string;
  readonly State?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
}

/**
 * Fields that differ between `$LATEST` and a version of the very same code and configuration, or that say nothing about
 * either. All others count, also those that Lambda has yet to invent: taking two revisions for different costs at most a
 * canary of the same code, taking them for the same would leave a change unreleased.
 */
const IRRELEVANT = new Set([
  'CodeSize',
  'ConfigSha256',
  'FunctionArn',
  'FunctionName',
  'LastModified',
  'LastUpdateStatus',
  'LastUpdateStatusReason',
  'LastUpdateStatusReasonCode',
  'MasterArn',
  'RevisionId',
  'SigningJobArn',
  'SigningProfileVersionArn',
  'State',
  'StateReason',
  'StateReasonCode',
  'Version',
  // Of `SnapStart`: on for a version, off for `$LATEST`.
  'OptimizationStatus',
]);

/** Lists whose order means nothing. The order of layers does. */
const SETS = new Set(['SubnetIds', 'SecurityGroupIds', 'Architectures']);

/** Whether two versions of a function have the same code and the same configuration. */
export function sameRevision(a: Configuration, b: Configuration): boolean {
  if (!a.CodeSha256 || !readable(a) || !readable(b)) {
    // What could not be read may differ.
    return false;
  }
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Lambda leaves the environment out, and says so, when its key may not be used by who asks. */
function readable(configuration: Configuration): boolean {
  const { Environment } = configuration as { readonly Environment?: { readonly Error?: unknown } };
  return !Environment?.Error;
}

/** Sorted, and without what is empty: an absent field and an empty one mean the same to Lambda. */
function canonical(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : SETS.has(name) ? items.sort() : items;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([key]) => name === 'Variables' || !IRRELEVANT.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, name === 'Variables' ? field : canonical(field, key)])
      .filter(([, field]) => field !== undefined);
    return fields.length === 0 ? undefined : fields;
  }
  return value === null || value === '' ? undefined : value;
}

/** Configuration of a function or one of its versions: the fields of Lambda's API. */
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
 * Fields that differ between `$LATEST` and a version of the very same code and configuration, or that describe neither.
 * All other fields count, also future ones. Two equal revisions that count as different cost at most a canary of the
 * same code; two different ones that count as equal would leave a change unreleased.
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
  // Part of `SnapStart`: on for a version, off for `$LATEST`.
  'OptimizationStatus',
]);

/** Lists whose order has no meaning. The order of layers has one. */
const SETS = new Set(['SubnetIds', 'SecurityGroupIds', 'Architectures']);

/** Returns true if two versions of a function have the same code and the same configuration. */
export function sameRevision(a: Configuration, b: Configuration): boolean {
  if (!a.CodeSha256 || !readable(a) || !readable(b)) {
    // An unreadable configuration may differ.
    return false;
  }
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/**
 * Returns true if Lambda gave the environment. It gives an error instead if the caller may not use the environment's
 * key.
 */
function readable(configuration: Configuration): boolean {
  const { Environment } = configuration as { readonly Environment?: { readonly Error?: unknown } };
  return !Environment?.Error;
}

/** Sorts a value, and removes empty parts: Lambda treats an absent field and an empty one alike. */
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

/** Maximum characters of ungrouped names: a message that is cut at its end must leave no target out. */
const MAX_NAMES = 500;

/** One target in one environment. */
export interface PlaceName {
  readonly environment: string;
  readonly key: string;
}

/**
 * Names targets: `eu-west-1/http, eu-west-1/queue`. Where that is long, each key once for all environments of which the
 * same targets are named: `eu-west-1, us-east-1: http, queue; us-west-2: http`.
 */
export function placeNames(places: readonly PlaceName[]): string {
  const text = places.map(({ environment, key }) => `${environment}/${key}`).join(', ');
  if (text.length <= MAX_NAMES) return text;
  const keys = grouped(places.map(({ environment, key }) => [environment, key]));
  const environments = grouped([...keys].map(([environment, names]) => [names.join(', '), environment]));
  return [...environments].map(([names, of]) => `${of.join(', ')}: ${names}`).join('; ');
}

/** Groups the second parts by the first ones. */
function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, each] of pairs) groups.set(name, [...(groups.get(name) ?? []), each]);
  return groups;
}

import type { Topology } from '../../plan/topology';
import type { Fleet } from '../../workload/fleet';
import type { KindOf } from '../../workload/kind';
import { accessTo, type Operator } from './operator';

/** Finding for a person, about a region, or about one target there. */
export interface Finding {
  readonly region: string;
  /** Key of the target; undefined for a finding about all of the region. */
  readonly key?: string;
  readonly reason: string;
}

/** Production environments that the operator can enter, and the others. */
export interface Production {
  readonly places: Fleet;
  readonly refused: readonly Finding[];
}

/** Kinds of a region's targets, by key. */
export type Kinds = NonNullable<Topology['targets']>;

/** @param kinds by region: the targets there */
export function productionOf(
  { service, production }: Topology,
  operator: Operator,
  kindOf: KindOf,
  kinds: (region: string) => Kinds,
): Production {
  const refused: Finding[] = [];
  const environments: { [region: string]: Fleet['environments'][string] } = {};
  for (const place of production) {
    const { region } = place;
    const access = accessTo(operator, place);
    if ('refused' in access) {
      refused.push({ region, reason: access.refused });
      continue;
    }
    const targets = Object.entries(kinds(region)).map(([key, kind]) => [
      key,
      kindOf(kind).plan(service, 'PRODUCTION', key),
    ]);
    environments[region] = { phase: 'PRODUCTION', region, ...access, targets: Object.fromEntries(targets) };
  }
  return { places: { service, environments }, refused };
}

import { functionPlan } from '../../plan/names';
import type { Topology } from '../../plan/topology';
import type { Places } from '../../workload/places';
import { accessTo, type Operator } from './operator';

/** Something about a region, or about one function there, that a person must know. */
export interface Finding {
  readonly region: string;
  /** Key of the function; undefined when it is about all of the region. */
  readonly key?: string;
  readonly reason: string;
}

/** The production environments that the operator gets into, and the others. */
export interface Production {
  readonly places: Places;
  readonly refused: readonly Finding[];
}

/** @param keys by region: the functions there */
export function productionOf(
  { service, production }: Topology,
  operator: Operator,
  keys: (region: string) => readonly string[],
): Production {
  const refused: Finding[] = [];
  const environments: { [region: string]: Places['environments'][string] } = {};
  for (const place of production) {
    const { region } = place;
    const access = accessTo(operator, place);
    if ('refused' in access) {
      refused.push({ region, reason: access.refused });
      continue;
    }
    const functions = keys(region).map((key) => [key, functionPlan(service, 'PRODUCTION', key)]);
    environments[region] = { phase: 'PRODUCTION', region, ...access, functions: Object.fromEntries(functions) };
  }
  return { places: { service, environments }, refused };
}

import type { Fields } from '../call';

/** One resource of a synthesized template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Fields;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/** The part of a synthesized template that a stack needs. */
export interface StackTemplate {
  readonly Resources: { readonly [logicalId: string]: TemplateResource };
}

/** Returns the value of `Ref` (without an attribute) or of `Fn::GetAtt` for a logical id. */
export type Lookup = (logicalId: string, attribute?: string) => string;

/** Lists logical ids in CloudFormation's order of creation: each after its references and dependencies. */
export function creationOrder({ Resources }: StackTemplate): readonly string[] {
  const ordered = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = Resources[logicalId];
    // Skips pseudo parameters, and resources of other stacks.
    if (!resource || ordered.has(logicalId)) return;
    if (path.includes(logicalId)) throw new Error(`Circular dependency: ${[...path, logicalId].join(' -> ')}`);
    const before = [...[resource.DependsOn ?? []].flat(), ...references(resource.Properties)];
    for (const each of before) visit(each, [...path, logicalId]);
    ordered.add(logicalId);
  };
  for (const logicalId of Object.keys(Resources)) visit(logicalId, []);
  return [...ordered];
}

/** Resolves `Ref`, `Fn::GetAtt` and `Fn::Join` in properties. Other functions of CloudFormation stay as text. */
export function resolveProperties(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveProperties(item, lookup));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return lookup(String(argument));
    if (name === 'Fn::GetAtt') return lookup(...(argument as [string, string]));
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, readonly unknown[]];
      return parts.map((part) => resolveProperties(part, lookup)).join(separator);
    }
    if (name?.startsWith('Fn::')) return JSON.stringify(value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveProperties(item, lookup)]));
}

/** Lists the logical ids in a value. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === 'Ref') return [String(argument)];
    return name === 'Fn::GetAtt' ? [String((argument as readonly string[])[0])] : references(argument);
  });
}

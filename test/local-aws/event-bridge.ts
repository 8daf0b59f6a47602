import type { Fields, Place } from './call';
import { resolve, resourcesOf, type Stack } from './template';

/** An event as EventBridge delivers it. */
export interface Event {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Fields;
}

interface Transformer {
  readonly InputPathsMap: { readonly [name: string]: string };
  readonly InputTemplate: string;
}

/** Rules of a synthesized stack, with the inputs of their targets. */
export class Rules {
  private readonly rules: readonly { readonly pattern: Fields; readonly transformers: readonly Transformer[] }[];

  constructor(stack: Stack) {
    this.rules = resourcesOf(stack, 'AWS::Events::Rule').map(([, { EventPattern, Targets }]) => ({
      pattern: resolved(EventPattern, stack) as Fields,
      transformers: (resolved(Targets, stack) as { InputTransformer: Transformer }[]).map(
        (each) => each.InputTransformer,
      ),
    }));
  }

  /** Lists the inputs of all targets whose rule matches the event. */
  inputsOf(event: Event): readonly Fields[] {
    return this.rules
      .filter(({ pattern }) => matches(pattern, event))
      .flatMap(({ transformers }) => transformers.map((transformer) => transformed(transformer, event)));
  }
}

/** Resolves the expressions in a value of a template. */
function resolved(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, place));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return entries.length === 1 && /^(Ref|Fn::\w+)$/.test(entries[0][0])
    ? resolve(value, place)
    : Object.fromEntries(entries.map(([key, each]) => [key, resolved(each, place)]));
}

/** Returns true if every field of the pattern matches one of its values or conditions. */
function matches(pattern: Fields, event: object): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or') return (expected as Fields[]).some((each) => matches(each, event));
    const value = (event as Fields)[key];
    return Array.isArray(expected)
      ? expected.some((each) => matchesValue(each, value))
      : typeof value === 'object' && value !== null && matches(expected as Fields, value);
  });
}

/** Checks a value against a literal or a condition. Wildcards are refused: EventBridge allows 30 rules with them. */
function matchesValue(expected: unknown, value: unknown): boolean {
  if (typeof expected !== 'object') return expected === value;
  const {
    exists,
    prefix,
    'anything-but': other,
  } = expected as {
    readonly exists?: boolean;
    readonly prefix?: string;
    readonly 'anything-but'?: { readonly prefix?: string };
  };
  if (exists !== undefined) return exists === (value !== undefined);
  if (prefix !== undefined) return typeof value === 'string' && value.startsWith(prefix);
  if (other?.prefix !== undefined) return typeof value === 'string' && !value.startsWith(other.prefix);
  throw new Error(`This condition is not supported here: ${JSON.stringify(expected)}`);
}

/**
 * Fills an input template. Outside of quotes a placeholder becomes JSON, inside them its text: EventBridge escapes
 * nothing there.
 */
function transformed({ InputPathsMap, InputTemplate }: Transformer, event: Event): Fields {
  const valueAt = (name: string): unknown =>
    InputPathsMap[name]
      .split('.')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Fields)[key], event);
  const text = InputTemplate.replace(/"(?:[^"\\]|\\.)*"|<([\w-]+)>/g, (part, name?: string) =>
    name === undefined
      ? part.replace(/<([\w-]+)>/g, (_placeholder, inner: string) => String(valueAt(inner)))
      : JSON.stringify(valueAt(name)),
  );
  return JSON.parse(text) as Fields;
}

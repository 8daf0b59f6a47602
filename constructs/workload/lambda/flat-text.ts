import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  type Stack,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A construct to find, and the marker that replaces it in texts. */
export interface Marked {
  readonly target: IConstruct;
  readonly stack: Stack;
  readonly logicalId: string;
  readonly marker: string;
}

/**
 * Resolves a value to plain texts, in which references to the marked constructs have become their markers: `<marker>:live`
 * for a qualified function, `…/functions/<marker>/invocations` for a bare one in an API's URI.
 */
export function flatten(value: unknown, scope: IConstruct, marked: readonly Marked[], stack: Stack): unknown {
  const resolver = new MarkingResolver(marked, stack);
  // `preparing`, because references between stacks may not have their exports yet.
  return flat(Tokenization.resolve(value, { scope, resolver, preparing: true }), marked, stack);
}

class MarkingResolver extends DefaultTokenResolver {
  private readonly markers: ReadonlyMap<IConstruct, string>;

  constructor(marked: readonly Marked[], stack: Stack) {
    super({
      join: (left, right) => [left, right].map((part) => text(flat(part, marked, stack))).join(''),
    });
    this.markers = new Map(marked.map(({ target, marker }) => [target, marker]));
  }

  /** Replaces a reference before it becomes an import, so that references from other stacks are found, too. */
  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const marker = Reference.isReference(token) ? this.markers.get(token.target) : undefined;
    return marker ?? super.resolveToken(token, context, postProcessor);
  }
}

/** Flattens values that are CloudFormation's functions already, such as definitions of state machines, to text. */
function flat(value: unknown, marked: readonly Marked[], stack: Stack): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => flat(item, marked, stack));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const byId = (id: unknown): string =>
    marked.find((one) => one.stack === stack && one.logicalId === id)?.marker ?? `<${id}>`;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (others.length === 0) {
    switch (name) {
      case 'Ref':
        return byId(argument);
      case 'Fn::GetAtt':
        return byId(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        const list = Array.isArray(parts) ? parts : [parts];
        return list.map((part) => text(flat(part, marked, stack))).join(separator);
      }
      case 'Fn::Sub': {
        const template = text(Array.isArray(argument) ? argument[0] : argument);
        return template.replaceAll(/\$\{([A-Za-z0-9]+)(\.Arn)?\}/g, (_, id) => byId(id));
      }
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flat(item, marked, stack)]));
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

import type { Fields, Place } from './call';

/** The part of a synthesized CloudFormation template that is read here. */
export interface Template {
  readonly Resources: { readonly [logicalId: string]: { readonly Type: string; readonly Properties?: Fields } };
}

/** A stack: a template and its account and region. */
export interface Stack extends Place {
  readonly template: Template;
}

/**
 * Values that only a deployment has, by `LogicalId` or `LogicalId.Attribute`. A missing one stays
 * `<LogicalId.Attribute>`.
 */
export type Deployed = { readonly [reference: string]: string };

/** Lists all resources of a type. */
export const resourcesOf = ({ template }: Stack, type: string): readonly (readonly [string, Fields])[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties = {} }]) => [logicalId, Properties] as const);

/** Resolves an expression of CloudFormation to text. */
export function resolve(value: unknown, place: Place, deployed: Deployed = {}): string {
  if (typeof value === 'string') {
    return value;
  }
  const [[intrinsic, argument]] = Object.entries(value as Fields);
  switch (intrinsic) {
    case 'Ref':
      return PSEUDO[String(argument)]?.(place) ?? deployed[String(argument)] ?? `<${argument}>`;
    case 'Fn::GetAtt': {
      const reference = (argument as readonly string[]).join('.');
      return deployed[reference] ?? `<${reference}>`;
    }
    case 'Fn::Join': {
      const [delimiter, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map((part) => resolve(part, place, deployed)).join(delimiter);
    }
    default:
      throw new Error(`${intrinsic} is not resolved here: ${JSON.stringify(argument)}`);
  }
}

const PSEUDO: { readonly [name: string]: (place: Place) => string } = {
  'AWS::Partition': () => 'aws',
  'AWS::Region': ({ region }) => region,
  'AWS::AccountId': ({ account }) => account,
  'AWS::URLSuffix': () => 'amazonaws.com',
};

import { type CfnResource, Stack } from 'aws-cdk-lib';
import type { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';

interface Document {
  readonly Statement?: readonly Statement[];
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
}

/** Types with one policy document each, and types with a list of inline policies. */
const POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const PRINCIPALS = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/**
 * Returns the wildcards of a resource of IAM as rule IAM5 of cdk-nag's AwsSolutions pack names them:
 * `Action::s3:GetObject*`, `Resource::<Bucket.Arn>/*`. They are built here, so that the library works without cdk-nag;
 * a test compares them.
 */
export function wildcardsOf(node: CfnResource): readonly string[] {
  return [...new Set(documentsOf(node).flatMap(({ Statement = [] }) => Statement.flatMap(wildcardsIn)))];
}

function documentsOf(node: CfnResource): readonly Document[] {
  const stack = Stack.of(node);
  if (POLICIES.includes(node.cfnResourceType)) return [stack.resolve((node as CfnPolicy).policyDocument)];
  if (!PRINCIPALS.includes(node.cfnResourceType)) return [];
  const policies: readonly { readonly policyDocument: Document }[] = stack.resolve((node as CfnRole).policies) ?? [];
  return policies.map(({ policyDocument }) => policyDocument);
}

function wildcardsIn({ Effect, Action = [], Resource = [] }: Statement): readonly string[] {
  if (Effect !== 'Allow') return [];
  const actions = [Action].flat().map((action) => `Action::${action}`);
  const resources = [Resource].flat().map((resource) => `Resource::${flatten(resource)}`);
  return [...actions, ...resources].filter((each) => each.includes('*'));
}

/** Formats a reference of CloudFormation as one text: `<Bucket.Arn>/*`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value.replace(/\$\{/g, '<').replace(/\}/g, '>');
  const reference = value as { readonly [name: string]: unknown };
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref } = reference;
  if (join) {
    const [delimiter, parts] = join as [string, readonly unknown[]];
    return parts.map(flatten).join(delimiter);
  }
  if (attribute) return `<${(attribute as readonly unknown[]).map(flatten).join('.')}>`;
  if (Ref) return `<${flatten(Ref)}>`;
  const inner = reference['Fn::Sub'] ?? reference['Fn::ImportValue'];
  return inner ? flatten(inner) : JSON.stringify(value);
}

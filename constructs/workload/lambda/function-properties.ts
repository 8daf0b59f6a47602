import { createHash } from 'node:crypto';
import { type CfnResource, Stack } from 'aws-cdk-lib';

/**
 * Properties of `AWS::Lambda::Function` that are not part of a version (as in CDK's own list). All others count, also
 * future ones: a superfluous call of the provider publishes nothing, a missing one leaves a change out.
 */
const NOT_OF_A_VERSION = new Set(['CodeSigningConfigArn', 'ReservedConcurrentExecutions', 'Tags', 'TenancyConfig']);

type Properties = { [name: string]: unknown };

/**
 * Returns the version-relevant properties of a function as its template has them, overrides included. CloudFormation
 * compares their resolved values, and calls the provider exactly when one of them changes: also behind a token.
 */
export function versionRelevantProperties(resource: CfnResource): Properties {
  const template = Stack.of(resource).resolve(resource._toCloudFormation()) as {
    readonly Resources: { readonly [logicalId: string]: { readonly Properties?: Properties } };
  };
  const [{ Properties: all = {} }] = Object.values(template.Resources);
  const relevant = Object.fromEntries(Object.entries(all).filter(([name]) => !NOT_OF_A_VERSION.has(name)));
  return defuse(shortenInlineCode(relevant)) as Properties;
}

/** Replaces inline code, which can be too large for an event, by its hash. */
function shortenInlineCode(properties: Properties): Properties {
  const code = properties.Code as Properties | undefined;
  return typeof code?.ZipFile === 'string'
    ? { ...properties, Code: { ...code, ZipFile: createHash('sha256').update(code.ZipFile).digest('hex') } }
    : properties;
}

/** Disarms dynamic references: CloudFormation would resolve them here, too, and hand the secrets to the provider. */
function defuse(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replaceAll('{{resolve:', '{{reference:');
  }
  if (Array.isArray(value)) {
    return value.map(defuse);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, defuse(field)]));
  }
  return value;
}

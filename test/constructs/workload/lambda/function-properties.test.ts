import { type CfnResource, SecretValue, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn } from './environment';

/** Returns the property that CloudFormation compares, of a function that was changed after its release was defined. */
function compared(change: (handler: lambda.Function) => void = () => undefined, props = {}) {
  const { stack } = environment();
  const handler = fn(stack, 'Handler', props);
  Workload.lambdas({ handler });
  change(handler);
  const [release] = Object.values(Template.fromStack(stack).findResources('Custom::LambdaPublication'));
  return release.Properties.Function;
}

const resource = (handler: lambda.Function) => handler.node.defaultChild as CfnResource;

test('the property is the same for the same function', () => {
  expect(compared()).toEqual(compared());
});

interface Change {
  readonly what: string;
  readonly change?: (handler: lambda.Function) => void;
  readonly props?: Partial<lambda.FunctionProps>;
}

test.each<Change>([
  { what: 'code', props: { code: lambda.Code.fromInline('exports.handler = async () => 2;') } },
  { what: 'the description', props: { description: 'other' } },
  { what: 'the environment, added after the release', change: (handler) => handler.addEnvironment('A', '1') },
  { what: 'an override', change: (handler) => resource(handler).addPropertyOverride('Timeout', 7) },
  { what: 'a property yet to be invented', change: (handler) => resource(handler).addPropertyOverride('New', 'x') },
])('the property changes with $what', ({ change, props }) => {
  expect(compared(change, props)).not.toEqual(compared());
});

test.each<Change>([
  { what: 'a tag', change: (handler) => Tags.of(handler).add('team', 'shop') },
  { what: 'reserved concurrency', props: { reservedConcurrentExecutions: 5 } },
])('the property does not change with $what, which is not part of a version', ({ change, props }) => {
  expect(compared(change, props)).toEqual(compared());
});

test('the property hands no secret to the provider', () => {
  const secret = SecretValue.secretsManager('password').unsafeUnwrap();
  const text = JSON.stringify(compared((handler) => handler.addEnvironment('PASSWORD', `pw:${secret}`)));
  expect(text).toContain('{{reference:secretsmanager:password');
  expect(text).not.toContain('{{resolve:');
});

test('the property has a digest in place of inline code', () => {
  expect(compared().Code.ZipFile).toMatch(/^[0-9a-f]{64}$/);
});

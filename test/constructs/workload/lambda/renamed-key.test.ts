import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn, PRODUCTION } from './environment';

interface Resource {
  readonly Type: string;
}

/** The templates of a function that is released under this key: its stack, and one with callers of its own. */
function templates(key: string) {
  const { stage, stack } = environment(PRODUCTION, new App({ builtinCloudFormationValidation: false }));
  const handler = fn(new Construct(stack, 'Api'));
  const alias = Workload.lambdas({ [key]: handler }).alias(key);
  alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  alias.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue')));
  alias.configureAsyncInvoke({ retryAttempts: 1 });
  const env = { account: PRODUCTION.account, region: PRODUCTION.region };
  const other = new Stack(stage, 'other', { env });
  new apigatewayv2.HttpApi(other, 'Api', { defaultIntegration: new HttpLambdaIntegration('Handler', alias) });
  // Synthesizes both: references between stacks become exports.
  stage.synth();
  return { own: Template.fromStack(stack).toJSON(), other: Template.fromStack(other).toJSON() };
}

const before = templates('api');
const after = templates('http');

const resources = (template: object): { readonly [logicalId: string]: Resource } =>
  (template as { readonly Resources: { readonly [logicalId: string]: Resource } }).Resources;

const typesOnlyIn = (template: object, without: object): string[] =>
  Object.entries(resources(template))
    .filter(([logicalId]) => !resources(without)[logicalId])
    .map(([, { Type }]) => Type)
    .sort();

test('a renamed key creates anew the resources that are named after it, and nothing else', () => {
  const named = [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Alarm',
    'AWS::CodeDeploy::Application',
    'AWS::CodeDeploy::DeploymentGroup',
    'AWS::SSM::Parameter',
  ];
  expect(typesOnlyIn(after.own, before.own)).toEqual(named);
  expect(typesOnlyIn(before.own, after.own)).toEqual(named);
});

test.each([
  'AWS::IAM::RolePolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'Custom::LambdaPublication',
])('a renamed key leaves every %s as it is', (type) => {
  const found = (template: object) => Object.entries(resources(template)).filter(([, { Type }]) => Type === type);
  expect(found(before.own)).not.toEqual([]);
  expect(found(after.own)).toEqual(found(before.own));
});

test('a renamed key changes no export: CloudFormation deletes none that another stack imports', () => {
  expect(Object.keys(before.own.Outputs)).toHaveLength(2);
  expect(after.own.Outputs).toEqual(before.own.Outputs);
  expect(after.other).toEqual(before.other);
});

test('a key is no part of the names of a function, which its place in the stack makes unique', () => {
  const { stack } = environment();
  Workload.lambdas({ one: fn(new Construct(stack, 'A')), two: fn(new Construct(stack, 'B')), Handler: fn(stack) });
  const policies = Template.fromStack(stack).findResources('AWS::IAM::RolePolicy');
  expect(Object.values(policies).map(({ Properties }) => Properties.PolicyName)).toEqual([
    expect.stringMatching(/^ordersproduction-A-Handler-\w{8}$/),
    expect.stringMatching(/^ordersproduction-B-Handler-\w{8}$/),
    expect.stringMatching(/^ordersproduction-Handler-\w{8}$/),
  ]);
});

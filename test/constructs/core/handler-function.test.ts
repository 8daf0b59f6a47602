import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundlePath, HandlerRole, handlerFunction } from '../../../constructs/core/handler-function';
import { testApp } from '../../helpers/fixture';
import { ALL_CASES } from '../../helpers/sample';

function template(): Template {
  const stack = new Stack(testApp({ validated: ALL_CASES }), 'Stack');
  handlerFunction(stack, 'Handler', {
    bundle: 'never-promote',
    functionName: 'orders-production-never-promote',
    role: new HandlerRole(stack, 'Role', { description: 'of the test' }),
    environment: { TABLE: 'ledger' },
    timeout: Duration.seconds(30),
    description: 'of the test',
  });
  return Template.fromStack(stack);
}

test('a handler runs a bundle on the runtime that it is bundled for', () => {
  template().hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'orders-production-never-promote',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 30,
    Environment: { Variables: { TABLE: 'ledger' } },
  });
});

test('a handler may write to its own log group and has no managed policies', () => {
  const [logGroup] = Object.keys(template().findResources('AWS::Logs::LogGroup'));
  template().hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: logGroup } } });
  const [role] = Object.values(template().findResources('AWS::IAM::Role'));
  expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  expect(role.Properties.Policies[0].PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
    },
  ]);
});

test('a handler lists no dependency that follows from its role already', () => {
  const [handler] = Object.values(template().findResources('AWS::Lambda::Function'));
  expect(handler).not.toHaveProperty('DependsOn');
});

test('the logs of a handler last three months, and not beyond its stack', () => {
  template().hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete' });
});

test('the bundles of this package are found', () => {
  expect(existsSync(path.join(bundlePath('publish'), 'index.js'))).toBe(true);
});

test('a bundle that is missing is an error that says what to run', () => {
  expect(() => bundlePath('no-such-handler')).toThrow(
    /^The handler 'no-such-handler' is not bundled: .*dist\/handlers\/no-such-handler\/index\.js is missing\. Run: npm run bundle$/,
  );
});

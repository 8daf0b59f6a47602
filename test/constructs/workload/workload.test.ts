import { Match, Template } from 'aws-cdk-lib/assertions';
import { Workload } from '../../../constructs/workload/workload';
import { environment, fn, logicalId, PRODUCTION, STAGING } from './lambda/environment';

const one = (template: Template, type: string): string => {
  const [id, ...others] = Object.keys(template.findResources(type));
  expect(others).toEqual([]);
  return id;
};

describe('a function in production', () => {
  const { stack } = environment();
  const handler = fn(stack);
  const workload = Workload.lambdas({ handler });
  const template = Template.fromStack(stack);
  const release = one(template, 'Custom::LambdaPublication');

  test('has neither a version nor an alias in the template', () => {
    template.resourceCountIs('AWS::Lambda::Version', 0);
    template.resourceCountIs('AWS::Lambda::Alias', 0);
  });

  test('is released by a custom resource with its name and a timeout', () => {
    template.hasResourceProperties('Custom::LambdaPublication', {
      FunctionName: { Ref: logicalId(handler) },
      AliasName: 'live',
      ServiceTimeout: 960,
    });
  });

  test('is released after the provider got its permissions', () => {
    template.hasResource('Custom::LambdaPublication', { DependsOn: [one(template, 'AWS::IAM::RolePolicy')] });
  });

  test('reports the published version in a parameter', () => {
    const attribute = (name: string) => ({ 'Fn::GetAtt': [release, name] });
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/deployment-pipeline/orders/production/handler',
      Type: 'String',
      Value: {
        'Fn::Join': [
          '',
          [
            '{"schema":1,"revision":{"kind":"LAMBDA","version":"',
            attribute('CandidateVersion'),
            '"},"address":{"functionName":"',
            attribute('FunctionName'),
            '","alias":"',
            attribute('Qualifier'),
            '"}}',
          ],
        ],
      },
    });
  });

  test('has a deployment group whose own default is all at once, and that rolls back by itself', () => {
    template.hasResourceProperties('AWS::CodeDeploy::Application', {
      ApplicationName: 'orders-production-handler',
      ComputePlatform: 'Lambda',
    });
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentGroupName: 'orders-production-handler',
      DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
  });

  test('has a deployment group that watches both alarms and stops when it cannot', () => {
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(2);
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AlarmConfiguration: {
        Enabled: true,
        IgnorePollAlarmFailure: false,
        Alarms: alarms.map((alarm) => ({ Name: { Ref: alarm } })),
      },
    });
  });

  test('has the deployment configurations of its canary and its wave', () => {
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      DeploymentConfigName: 'orders-canary-08pct-2870m',
      TrafficRoutingConfig: { TimeBasedCanary: { CanaryPercentage: 8 } },
    });
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      DeploymentConfigName: 'orders-linear-25pct-10m',
    });
  });

  test('has a hook that keeps its canary from being promoted', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'orders-production-never-promote' });
  });

  test('is planned with names that are known at synth', () => {
    expect(workload._plan()).toEqual({
      targets: {
        handler: {
          kind: 'LAMBDA',
          application: 'orders-production-handler',
          deploymentGroup: 'orders-production-handler',
          parameter: '/deployment-pipeline/orders/production/handler',
          neverPromoteHook: 'orders-production-never-promote',
        },
      },
      canaryAlarms: { handler: ['orders-production-handler-canary-errors'] },
      waveAlarms: { handler: ['orders-production-handler-wave-errors'] },
      canaryConfig: 'orders-canary-08pct-2870m',
      waveConfig: 'orders-linear-25pct-10m',
    });
  });
});

describe('a function in staging', () => {
  const { stack } = environment(STAGING);
  const workload = Workload.lambdas({ handler: fn(stack) });
  const template = Template.fromStack(stack);

  test('has the same release, deployment group and alarms', () => {
    template.resourceCountIs('Custom::LambdaPublication', 1);
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentGroupName: 'orders-staging-handler',
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });

  test('has no canary, and nothing that only canaries need', () => {
    expect(workload._plan()).not.toHaveProperty('canaryConfig', expect.anything());
    template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
    expect(Object.keys(template.findResources('AWS::Lambda::Function'))).toHaveLength(2);
  });
});

test('several functions share roles and provider, and have all else of their own', () => {
  const { stack } = environment();
  const workload = Workload.lambdas({ http: fn(stack, 'Http'), consumer: fn(stack, 'Consumer') });
  const template = Template.fromStack(stack);
  template.resourceCountIs('Custom::LambdaPublication', 2);
  template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 2);
  // Two of the service, the provider, the hook.
  template.resourceCountIs('AWS::Lambda::Function', 4);
  expect(Object.keys(workload._plan().targets)).toEqual(['http', 'consumer']);
});

test('a function may call another through its alias', () => {
  const { stack } = environment();
  const caller = fn(stack, 'Caller');
  const workload = Workload.lambdas({ caller, callee: fn(stack, 'Callee') });
  workload.alias('callee').grantInvoke(caller);
  caller.addEnvironment('CALLEE', workload.alias('callee').functionName);
  // Throws when there is a cycle.
  Template.fromStack(stack);
});

test('shared deployment configurations are named and not created', () => {
  const { stack } = environment({ ...PRODUCTION, sharedDeploymentConfigs: true });
  const workload = Workload.lambdas({ handler: fn(stack) });
  Template.fromStack(stack).resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
  expect(workload._plan()).toMatchObject({ canaryConfig: 'canary-08pct-2870m', waveConfig: 'linear-25pct-10m' });
});

test('a wave without steps shifts all at once and needs no configuration of its own', () => {
  const { stack } = environment({ ...PRODUCTION, steps: undefined });
  const workload = Workload.lambdas({ handler: fn(stack) });
  Template.fromStack(stack).resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 1);
  expect(workload._plan().waveConfig).toBe('CodeDeployDefault.LambdaAllAtOnce');
});

test('everything is in the stack of the functions, also when that is not the only one', () => {
  const { stage, stack } = environment();
  const other = new (stack.constructor as typeof import('aws-cdk-lib').Stack)(stage, 'other', { env: stack });
  Workload.lambdas({ handler: fn(other) });
  Template.fromStack(other).hasResourceProperties('Custom::LambdaPublication', { AliasName: Match.anyValue() });
  Template.fromStack(stack).resourceCountIs('AWS::SSM::Parameter', 0);
});

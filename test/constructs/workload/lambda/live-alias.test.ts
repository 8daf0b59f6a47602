import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke as ScheduledInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Workload } from '../../../../constructs/workload/workload';
import { testApp } from '../../../helpers/fixture';
import { ALL_CASES } from '../../../helpers/sample';
import { environment, fn, logicalId, PRODUCTION } from './environment';

/** A stack with a function and whatever is attached to its alias; the whole app must synthesize. */
function attached(attach: (alias: lambda.IFunction, stack: Stack) => void) {
  const app = testApp({ validated: ALL_CASES });
  const { stack } = environment(PRODUCTION, app);
  const handler = fn(stack);
  attach(Workload.lambdas({ handler }).alias('handler'), stack);
  app.synth();
  const template = Template.fromStack(stack);
  const [release] = Object.keys(template.findResources('Custom::LambdaPublication'));
  const attribute = (name: string) => ({ 'Fn::GetAtt': [release, name] });
  const bare = { Ref: logicalId(handler) };
  const parts = [{ 'Fn::GetAtt': [logicalId(handler), 'Arn'] }, ':', attribute('Qualifier')];
  return {
    template,
    aliasArn: { 'Fn::Join': ['', parts] },
    /** Parts of the ARN as they are in a longer text. */
    aliasParts: JSON.stringify(parts).slice(1, -1),
    qualifier: attribute('Qualifier'),
    qualifiedName: { 'Fn::Join': ['', [bare, ':', attribute('Qualifier')]] },
    bareName: bare,
    bareArn: { 'Fn::GetAtt': [logicalId(handler), 'Arn'] },
  };
}

test('a URL names the function and the alias separately', () => {
  const { template, aliasArn, bareArn, qualifier } = attached((alias) =>
    alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }),
  );
  template.hasResourceProperties('AWS::Lambda::Url', { TargetFunctionArn: bareArn, Qualifier: qualifier });
  template.allResourcesProperties('AWS::Lambda::Permission', { FunctionName: aliasArn });
});

test('an event source reads for the alias, with permissions of the function', () => {
  const { template, qualifiedName } = attached((alias, stack) =>
    alias.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue'))),
  );
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionName: qualifiedName });
  template.resourceCountIs('AWS::IAM::Policy', 1);
});

test('a REST API integrates the alias and may call it', () => {
  const { template, aliasArn, aliasParts } = attached(
    (alias, stack) => new apigateway.LambdaRestApi(stack, 'Api', { handler: alias }),
  );
  expect(JSON.stringify(template.findResources('AWS::ApiGateway::Method'))).toContain(`${aliasParts},"/invocations"`);
  template.allResourcesProperties('AWS::Lambda::Permission', { FunctionName: aliasArn });
});

test('an HTTP API integrates the alias and may call it', () => {
  const { template, aliasArn } = attached(
    (alias, stack) =>
      new apigatewayv2.HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Handler', alias) }),
  );
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: aliasArn });
  template.allResourcesProperties('AWS::Lambda::Permission', { FunctionName: aliasArn });
});

test('a rule targets the alias', () => {
  const { template, aliasArn } = attached(
    (alias, stack) =>
      new events.Rule(stack, 'Rule', {
        schedule: events.Schedule.rate(Duration.minutes(5)),
        targets: [new targets.LambdaFunction(alias)],
      }),
  );
  template.hasResourceProperties('AWS::Events::Rule', { Targets: [{ Arn: aliasArn }] });
});

test('a schedule targets the alias', () => {
  const { template, aliasArn } = attached(
    (alias, stack) =>
      new scheduler.Schedule(stack, 'Schedule', {
        schedule: scheduler.ScheduleExpression.rate(Duration.minutes(5)),
        target: new ScheduledInvoke(alias),
      }),
  );
  template.hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Arn: aliasArn } });
});

test('a topic is subscribed by the alias', () => {
  const { template, aliasArn } = attached((alias, stack) =>
    new sns.Topic(stack, 'Topic').addSubscription(new LambdaSubscription(alias)),
  );
  template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: aliasArn });
});

test('a bucket notifies the alias', () => {
  const { template, aliasArn } = attached((alias, stack) =>
    new s3.Bucket(stack, 'Bucket').addObjectCreatedNotification(new LambdaDestination(alias)),
  );
  template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: aliasArn });
});

test('a state machine invokes the alias', () => {
  const { template, aliasParts } = attached(
    (alias, stack) =>
      new sfn.StateMachine(stack, 'Machine', {
        definitionBody: sfn.DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Invoke', { lambdaFunction: alias })),
      }),
  );
  expect(JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'))).toContain(aliasParts);
});

test('a caller may invoke the alias only', () => {
  const { template, aliasArn } = attached((alias, stack) =>
    alias.grantInvoke(new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() })),
  );
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Resource: aliasArn }] },
  });
});

test('asynchronous invocation is configured for the alias', () => {
  const { template, bareName, qualifier } = attached((alias) => alias.configureAsyncInvoke({ retryAttempts: 1 }));
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { FunctionName: bareName, Qualifier: qualifier });
});

test('logical ids call the publisher, the publication and the alias by these names', () => {
  const { template } = attached((alias) => alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }));
  const ids = Object.keys(template.toJSON().Resources);
  expect(ids.filter((id) => /Release|Handle(?!r)/.test(id))).toEqual([]);
  for (const name of ['PublisherRole', 'Publication', 'AliasFunctionUrl']) {
    expect(ids).toContainEqual(expect.stringContaining(name));
  }
});

test('the alias is used from another stack of the environment', () => {
  const app = testApp({ validated: ALL_CASES });
  const { stage, stack } = environment(PRODUCTION, app);
  const alias = Workload.lambdas({ handler: fn(stack) }).alias('handler');
  const other = new Stack(stage, 'other', { env: { account: PRODUCTION.account, region: PRODUCTION.region } });
  new apigatewayv2.HttpApi(other, 'Api', { defaultIntegration: new HttpLambdaIntegration('Handler', alias) });
  app.synth();
  Template.fromStack(other).resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
});

test('the alias has metrics of its own', () => {
  const { stack } = environment();
  const handler = fn(stack);
  const metric = Workload.lambdas({ handler }).alias('handler').metricErrors();
  expect(stack.resolve(metric.dimensions)).toEqual({
    FunctionName: { Ref: logicalId(handler) },
    Resource: {
      'Fn::Join': ['', [{ Ref: logicalId(handler) }, ':', { 'Fn::GetAtt': [expect.any(String), 'Qualifier'] }]],
    },
  });
});

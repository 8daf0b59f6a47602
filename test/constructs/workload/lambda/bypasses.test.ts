import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
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
import { environment, fn, PRODUCTION } from './environment';

interface Parts {
  readonly handler: lambda.Function;
  readonly stack: Stack;
  /** Makes another stack of the environment. */
  other(): Stack;
}

/** Returns the errors of synth after a change to a released function. */
function synth(bypass: (parts: Parts) => void): string {
  const app = testApp({ validated: ALL_CASES });
  const { stage, stack } = environment(PRODUCTION, app);
  const other = () => new Stack(stage, 'other', { env: { account: PRODUCTION.account, region: PRODUCTION.region } });
  const handler = fn(stack);
  Workload.lambdas({ handler });
  bypass({ handler, stack, other });
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const api = (scope: Stack, handler: lambda.IFunction) =>
  new apigatewayv2.HttpApi(scope, 'Api', { defaultIntegration: new HttpLambdaIntegration('I', handler) });

test.each<{ what: string; type: string; bypass: (parts: Parts) => void }>([
  {
    what: 'an event source',
    type: 'AWS::Lambda::EventSourceMapping',
    bypass: ({ handler, stack }) => handler.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue'))),
  },
  { what: 'a URL', type: 'AWS::Lambda::Url', bypass: ({ handler }) => handler.addFunctionUrl() },
  {
    what: 'a permission',
    type: 'AWS::Lambda::Permission',
    bypass: ({ handler }) => handler.grantInvoke(new iam.ServicePrincipal('lex.amazonaws.com')),
  },
  {
    what: 'a REST API',
    type: 'AWS::ApiGateway::Method',
    bypass: ({ handler, stack }) => new apigateway.LambdaRestApi(stack, 'Api', { handler }),
  },
  {
    what: 'an HTTP API',
    type: 'AWS::ApiGatewayV2::Integration',
    bypass: ({ handler, stack }) => api(stack, handler),
  },
  {
    what: 'an HTTP API in another stack of the environment',
    type: 'AWS::ApiGatewayV2::Integration',
    bypass: ({ handler, other }) => api(other(), handler),
  },
  {
    what: 'a rule',
    type: 'AWS::Events::Rule',
    bypass: ({ handler, stack }) =>
      new events.Rule(stack, 'Rule', {
        schedule: events.Schedule.rate(Duration.minutes(5)),
        targets: [new targets.LambdaFunction(handler)],
      }),
  },
  {
    what: 'a schedule',
    type: 'AWS::Scheduler::Schedule',
    bypass: ({ handler, stack }) =>
      new scheduler.Schedule(stack, 'Schedule', {
        schedule: scheduler.ScheduleExpression.rate(Duration.minutes(5)),
        target: new ScheduledInvoke(handler),
      }),
  },
  {
    what: 'a subscription',
    type: 'AWS::SNS::Subscription',
    bypass: ({ handler, stack }) => new sns.Topic(stack, 'Topic').addSubscription(new LambdaSubscription(handler)),
  },
  {
    what: "a bucket's notification",
    type: 'Custom::S3BucketNotifications',
    bypass: ({ handler, stack }) =>
      new s3.Bucket(stack, 'Bucket').addObjectCreatedNotification(new LambdaDestination(handler)),
  },
  {
    what: 'a state machine',
    type: 'AWS::StepFunctions::StateMachine',
    bypass: ({ handler, stack }) =>
      new sfn.StateMachine(stack, 'Machine', {
        definitionBody: sfn.DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Call', { lambdaFunction: handler })),
      }),
  },
  {
    what: 'the configuration of asynchronous calls',
    type: 'AWS::Lambda::EventInvokeConfig',
    bypass: ({ handler }) => handler.configureAsyncInvoke({ retryAttempts: 0 }),
  },
  {
    what: 'an event source that names $LATEST',
    type: 'AWS::Lambda::EventSourceMapping',
    bypass: ({ handler, stack }) =>
      new lambda.CfnEventSourceMapping(stack, 'Mapping', { functionName: `${handler.functionName}:$LATEST` }),
  },
  {
    what: 'an integration written with Fn::Sub',
    type: 'AWS::ApiGatewayV2::Integration',
    bypass: ({ handler, stack }) =>
      new CfnResource(stack, 'Integration', {
        type: 'AWS::ApiGatewayV2::Integration',
        properties: {
          IntegrationUri: {
            'Fn::Sub': `arn:x:\${${stack.resolve((handler.node.defaultChild as CfnResource).logicalId)}.Arn}/invocations`,
          },
        },
      }),
  },
])('$what on the function itself is an error', ({ type, bypass }) => {
  expect(synth(bypass)).toMatch(
    new RegExp(
      `eu-west-1/\\S+ \\(${type}\\) is attached to the function 'handler' itself, which bypasses its releases: pass workload\\.alias\\('handler'\\) instead of the function`,
    ),
  );
});

test('a version of the team is an error', () => {
  expect(synth(({ handler }) => handler.currentVersion)).toMatch(
    /Handler\/CurrentVersion\/Resource \(AWS::Lambda::Version\) publishes the function 'handler', which is what its release does: remove it/,
  );
});

test('an alias of the team is an error', () => {
  expect(
    synth(
      ({ handler, stack }) =>
        new lambda.CfnAlias(stack, 'Beta', {
          functionName: handler.functionName,
          functionVersion: '1',
          name: 'beta',
        }),
    ),
  ).toContain(
    "eu-west-1/service/Beta (AWS::Lambda::Alias) is an alias of the function 'handler' that rollouts do not move",
  );
});

test('provisioned concurrency is an error', () => {
  expect(
    synth(
      ({ handler, stack }) =>
        new lambda.Alias(stack, 'Warm', {
          aliasName: 'warm',
          version: handler.latestVersion,
          provisionedConcurrentExecutions: 2,
        }),
    ),
  ).toContain(
    "(AWS::Lambda::Alias) gives the function 'handler' provisioned concurrency, which Lambda lets nobody manage",
  );
});

test('provisioned concurrency that scales is an error', () => {
  expect(
    synth(
      ({ handler, stack }) =>
        new CfnResource(stack, 'Target', {
          type: 'AWS::ApplicationAutoScaling::ScalableTarget',
          properties: {
            ResourceId: `function:${handler.functionName}:live`,
            ScalableDimension: 'lambda:function:ProvisionedConcurrency',
          },
        }),
    ),
  ).toContain(
    "Target (AWS::ApplicationAutoScaling::ScalableTarget) gives the function 'handler' provisioned concurrency",
  );
});

test('every bypass is named', () => {
  const message = synth(({ handler, stack }) => {
    handler.addFunctionUrl();
    handler.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue')));
  });
  expect(message.match(/is attached to the function/g)).toHaveLength(2);
});

test('functions that are not released may be called as they are', () => {
  expect(
    synth(({ stack }) => {
      const helper = fn(stack, 'Helper');
      helper.addFunctionUrl();
      new lambda.Alias(stack, 'Any', { aliasName: 'any', version: helper.currentVersion });
    }),
  ).toBe('');
});

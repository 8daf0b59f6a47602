import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { flatten, type Marked } from './flat-text';

/** Types of resources that call a function, or let something call it. Only these are checked. */
const CALLERS = new Set([
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::AppSync::DataSource',
  'AWS::Cognito::UserPool',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Events::Rule',
  'AWS::IoT::TopicRule',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Pipes::Pipe',
  'AWS::S3::Bucket',
  'AWS::Scheduler::Schedule',
  'AWS::SES::ReceiptRule',
  'AWS::SNS::Subscription',
  'AWS::StepFunctions::StateMachine',
  'Custom::S3BucketNotifications',
]);

const VERSION = 'AWS::Lambda::Version';
const ALIAS = 'AWS::Lambda::Alias';
const SCALABLE_TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

/**
 * Returns a text of characters that no name or ARN has, and that JSON leaves as they are: definitions of state machines
 * are JSON.
 */
const marker = (key: string): string => `⟦${key}⟧`;
/** A function, with its qualifier if it has one. */
const MENTION = /⟦([^⟧]+)⟧(:[\w$-]*)?/g;

/**
 * Refuses, at synth, resources that would bypass the releases of these functions in their environment. These are
 * callers of a function itself rather than of its alias, versions and aliases of somebody else, and provisioned
 * concurrency.
 */
export function refuseBypasses(
  environment: IConstruct,
  functions: { readonly [key: string]: lambda.Function },
  own: IConstruct,
): void {
  environment.node.addValidation({
    validate: () => {
      const marked = Object.entries(functions).map(([key, fn]): Marked => {
        const target = fn.node.defaultChild as CfnResource;
        const stack = Stack.of(fn);
        return { target, stack, logicalId: stack.resolve(target.logicalId), marker: marker(key) };
      });
      return environment.node
        .findAll()
        .filter((construct) => CfnResource.isCfnResource(construct))
        .filter((resource) => resource.node.scope !== own)
        .flatMap((resource) => problems(resource, marked));
    },
  });
}

function problems(resource: CfnResource, marked: readonly Marked[]): string[] {
  const type = resource.cfnResourceType;
  const check = type === VERSION || type === ALIAS || type === SCALABLE_TARGET ? foreign : caller;
  if (check === caller && !CALLERS.has(type)) {
    return [];
  }
  const stack = Stack.of(resource);
  const template = flatten(resource._toCloudFormation(), resource, marked, stack) as {
    readonly Resources: { readonly [logicalId: string]: { readonly Properties?: Properties } };
  };
  const [{ Properties: properties = {} }] = Object.values(template.Resources);
  return check(resource, properties);
}

type Properties = { readonly [name: string]: unknown };

function caller(resource: CfnResource, properties: Properties): string[] {
  const { FunctionName, TargetFunctionArn, Qualifier, ...others } = properties;
  // These types name function and qualifier separately.
  const qualified = typeof Qualifier === 'string' && Qualifier !== '' && Qualifier !== '$LATEST';
  const looked = qualified ? others : { FunctionName, TargetFunctionArn, ...others };
  const bare = mentions(looked).filter(({ qualifier }) => qualifier === '' || qualifier === ':$LATEST');
  return [...new Set(bare.map(({ key }) => key))].map(
    (key) =>
      `${resource.node.path} (${resource.cfnResourceType}) is attached to the function '${key}' itself, which bypasses its releases: pass workload.alias('${key}') instead of the function`,
  );
}

function foreign(resource: CfnResource, properties: Properties): string[] {
  const { path } = resource.node;
  const type = resource.cfnResourceType;
  const keys = [...new Set(mentions(properties).map(({ key }) => key))];
  return keys.map((key) => {
    if (type === SCALABLE_TARGET || properties.ProvisionedConcurrencyConfig !== undefined) {
      return `${path} (${type}) gives the function '${key}' provisioned concurrency, which Lambda lets nobody manage while an alias is weighted: remove it. Every canary weights the alias; reservedConcurrentExecutions on the function is possible`;
    }
    return type === VERSION
      ? `${path} (${type}) publishes the function '${key}', which is what its release does: remove it (fn.currentVersion creates one), and use workload.alias('${key}')`
      : `${path} (${type}) is an alias of the function '${key}' that rollouts do not move: remove it, and use workload.alias('${key}')`;
  });
}

interface Mention {
  readonly key: string;
  /** Qualifier with its colon; empty if there is none. */
  readonly qualifier: string;
}

function mentions(value: unknown): Mention[] {
  if (typeof value === 'string') {
    return [...value.matchAll(MENTION)].map(([, key, qualifier = '']) => ({ key, qualifier }));
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(mentions) : [];
}

import { App, CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Workload } from '../../constructs/workload/workload';
import { environment, PRODUCTION } from '../constructs/workload/lambda/environment';
import { loadBundle } from '../helpers/bundles';
import type { LambdaFunction } from '../local-aws/lambda-function';
import { Kinds, REFUSED_TYPE } from '../local-aws/stack/kinds';
import { DeployedStack, type StackStatus } from '../local-aws/stack/stack';
import type { StackTemplate } from '../local-aws/stack/template';
import { World } from '../local-aws/world';

const PLACE = { account: PRODUCTION.account, region: PRODUCTION.region };

const CALLERS = [
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Url',
  'AWS::SNS::Subscription',
];

/** A service: its functions, and the managed ones among them. */
export interface Service {
  /** Keys of `Workload.lambdas`, by the construct id of the function. */
  readonly keys?: { readonly [id: string]: string };
  /** Construct ids of the functions. Default: those with a key. */
  readonly functions?: readonly string[];
  readonly code?: string;
  /** Name of the function. Default: CloudFormation chooses it. */
  readonly functionName?: string;
  /** True if functions stay when they leave the stack. */
  readonly retain?: boolean;
  /** True if callers are attached to the aliases. */
  readonly callers?: boolean;
  /** True if the last resource of the stack cannot be created. */
  readonly fails?: boolean;
}

type Provider = (event: unknown) => Promise<unknown>;

/** An event of CloudFormation to the provider. */
interface Sent {
  readonly RequestType: string;
}

/** The synthesized stack of a service's environment, deployed to the local AWS, with the provider's bundle behind it. */
export class EnvironmentStack {
  /** Every event that CloudFormation has sent to the provider. */
  readonly sent: Sent[] = [];
  /** Delivers an event, once by default. A test may replace it. */
  deliver: (provider: Provider, event: unknown) => Promise<unknown> = (provider, event) => provider(event);

  private readonly kinds: Kinds;
  private readonly stack: DeployedStack;

  private constructor(
    readonly world: World,
    /** The provider of publications. */
    readonly provider: Provider,
  ) {
    this.kinds = new Kinds(world, PLACE, (request) =>
      world.cloudformation.send(async (event) => {
        this.sent.push(event as Sent);
        await this.deliver(provider, event);
      }, request),
    );
    this.stack = new DeployedStack(PLACE, this.kinds.of);
  }

  static async start(): Promise<EnvironmentStack> {
    const world = await World.start();
    return new EnvironmentStack(world, loadBundle(world, 'publish', { place: PLACE }).handler);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  deploy(service: Service = {}): Promise<StackStatus> {
    return this.stack.deploy(synthesize(service));
  }

  destroy(): Promise<StackStatus> {
    return this.stack.destroy();
  }

  /** Reason why the last deployment failed. */
  get failure(): string | undefined {
    return this.stack.failure;
  }

  /** Verbs of CloudFormation's steps in the last operation, in their order. */
  get verbs(): readonly string[] {
    return this.stack.events.map((event) => event.split(' ')[0]);
  }

  /** Types of the requests to the provider. */
  get requests(): readonly string[] {
    return this.sent.map(({ RequestType }) => RequestType);
  }

  /** Finds the function of that construct id in the stack. */
  function(id = 'Api'): LambdaFunction {
    const names = [...this.stack.physicalIds('AWS::Lambda::Function')];
    const [, name] = names.find(([logicalId]) => logicalId.startsWith(id)) ?? [];
    const found = name === undefined ? undefined : this.world.lambda.find(PLACE, name);
    if (!found) throw new Error(`The stack has no function ${id}`);
    return found;
  }

  exists({ name }: LambdaFunction): boolean {
    return this.world.lambda.find(PLACE, name) !== undefined;
  }

  /** Physical ids of the resources that attach callers, by type. */
  get callers(): readonly unknown[] {
    return CALLERS.map((type) => [type, [...this.kinds.all(type)]]);
  }

  /** Keys under which a publication is reported. */
  get reported(): readonly string[] {
    const prefix = '/deployment-pipeline/orders/production/';
    return [...this.kinds.all('AWS::SSM::Parameter')].flatMap((name) =>
      name.startsWith(prefix) ? name.slice(prefix.length) : [],
    );
  }
}

/** Reads a whole alias: its revision, which changes with every write, and the statements of its policy. */
export const aliasOf = (fn: LambdaFunction) => ({
  alias: fn.aliases.get('live'),
  permissions: [...(fn.permissions.get('live') ?? [])],
});

function synthesize({ keys = { Api: 'api' }, callers = true, fails, ...rest }: Service): StackTemplate {
  const { stack } = environment(PRODUCTION, new App({ builtinCloudFormationValidation: false }));
  const ids = rest.functions ?? Object.keys(keys);
  const functions = new Map(ids.map((id) => [id, makeFunction(stack, id, rest)]));
  const released = Object.entries(keys).flatMap(([id, key]) => {
    const fn = functions.get(id);
    return fn ? [[key, fn] as const] : [];
  });
  if (released.length > 0) {
    const workload = Workload.lambdas(Object.fromEntries(released));
    for (const [id, key] of callers ? Object.entries(keys) : []) attachCallers(stack, id, workload.alias(key));
  }
  if (fails) {
    const others = stack.node.children;
    new CfnResource(stack, 'Refused', { type: REFUSED_TYPE }).node.addDependency(...others);
  }
  return Template.fromStack(stack).toJSON() as StackTemplate;
}

function makeFunction(stack: Stack, id: string, { code = 'code 1', functionName, retain }: Service): lambda.Function {
  const fn = new lambda.Function(stack, id, {
    functionName,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(code),
  });
  if (retain) fn.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return fn;
}

/** Attaches callers in every way that an alias allows only once, and one caller with a statement of its own. */
function attachCallers(stack: Stack, id: string, alias: lambda.IFunction): void {
  alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  alias.addEventSource(new SqsEventSource(new sqs.Queue(stack, `${id}Queue`)));
  new sns.Topic(stack, `${id}Topic`).addSubscription(new LambdaSubscription(alias));
  alias.configureAsyncInvoke({ retryAttempts: 1 });
  alias.addPermission('Partner', { principal: new iam.AccountPrincipal('444444444444') });
}

import { ApplicationSignals } from './application-signals';
import { type Behaviour, DEFAULT_BEHAVIOUR } from './behaviour';
import type { FaultPlan, Place, RecordedCall } from './call';
import { VirtualClock } from './clock';
import { CloudFormation } from './cloudformation';
import { CloudWatch } from './cloudwatch';
import { CodeDeploy } from './codedeploy';
import { CodePipeline } from './codepipeline';
import { DynamoDb } from './dynamodb';
import { Endpoint } from './endpoint';
import { Iam } from './iam';
import { requestHandlerTo } from './in-process';
import { Lambda } from './lambda';
import type { HttpRequest } from './protocols';
import { Scheduler } from './scheduler';
import { Sns } from './sns';
import { Ssm } from './ssm';
import { StepFunctions } from './step-functions';
import { Sts } from './sts';

/** Options of an SDK client that calls the local AWS. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  /** Request handler for a local AWS without an address. */
  readonly requestHandler?: ReturnType<typeof requestHandlerTo>;
}

export interface WorldOptions {
  /**
   * True if calls come over loopback. Otherwise bundles and clients call the local AWS in their own process: ten times
   * as fast, and in an order that the faults can determine. Default: true.
   */
  readonly loopback?: boolean;
  /**
   * Without loopback: true if instances of bundles stay warm from one world to the next. Their pauses then pass on the
   * virtual clock, which the test moves itself. Otherwise each world has its own instances, and pauses are real and
   * short, as over loopback. Default: true.
   */
  readonly warm?: boolean;
}

/** An address without a listener. */
const NOWHERE = 'https://local-aws';

/**
 * A local AWS: an endpoint on loopback with the protocols of the services in use, for all accounts and regions, on a
 * virtual clock. Tests can also arrange and read its services directly.
 */
export class World {
  readonly clock: VirtualClock;
  /** Behaviour that AWS leaves undefined; may be changed at any time. */
  readonly behaviour: Behaviour;
  readonly iam = new Iam();
  readonly sts: Sts;
  readonly ssm: Ssm;
  readonly sns: Sns;
  readonly scheduler: Scheduler;
  readonly cloudwatch: CloudWatch;
  readonly codepipeline = new CodePipeline();
  readonly stepfunctions = new StepFunctions();
  readonly applicationSignals = new ApplicationSignals();
  readonly dynamodb = new DynamoDb();
  readonly cloudformation = new CloudFormation(() => this.endpoint);
  readonly lambda: Lambda;
  readonly codedeploy: CodeDeploy;

  private readonly server: Endpoint;
  private address = '';

  private constructor(
    behaviour: Partial<Behaviour>,
    /** True if instances of bundles come from an earlier world, and go on to the next. */
    readonly warm: boolean,
  ) {
    const begins = warm ? World.nextBegin() : undefined;
    this.clock = new VirtualClock(begins);
    this.sts = new Sts(this.clock);
    this.ssm = new Ssm(this.clock);
    this.sns = new Sns(this.clock);
    this.scheduler = new Scheduler(this.clock);
    this.cloudwatch = new CloudWatch(this.clock);
    this.behaviour = { ...DEFAULT_BEHAVIOUR, ...behaviour };
    this.lambda = new Lambda(this.clock, this.behaviour);
    this.codedeploy = new CodeDeploy(this.clock, this.lambda, this.cloudwatch, this.behaviour);
    const { sts, ssm, sns, scheduler, cloudwatch, codepipeline, stepfunctions, dynamodb, lambda, codedeploy } = this;
    const services = [
      ...[sts, ssm, sns, scheduler, cloudwatch, codepipeline, stepfunctions, dynamodb, lambda, codedeploy],
      this.applicationSignals,
    ];
    this.server = new Endpoint(
      this.clock,
      sts.identify,
      (call) => this.iam.check(call),
      services,
      (request) => this.cloudformation.receive(request),
    );
  }

  /** Last warm world. The next one begins a day later, when the credentials that warm bundles keep have expired. */
  private static last?: World;
  private static nextBegin(): number | undefined {
    return World.last && World.last.clock.now() + 24 * 3_600_000;
  }

  /** Starts an empty world. Close it at the end of the test. */
  static async start(
    behaviour: Partial<Behaviour> = {},
    { loopback = true, warm = !loopback }: WorldOptions = {},
  ): Promise<World> {
    const world = new World(behaviour, warm);
    world.address = loopback ? await world.server.listen() : NOWHERE;
    if (warm) World.last = world;
    return world;
  }

  async close(): Promise<void> {
    if (this.loopback) await this.server.close();
  }

  /** True if calls come over loopback. */
  get loopback(): boolean {
    return this.address !== NOWHERE;
  }

  /** Serves a request from this process. */
  receive(request: HttpRequest): ReturnType<Endpoint['receive']> {
    return this.server.receive(request);
  }

  /** Address of the endpoint: `AWS_ENDPOINT_URL`. */
  get endpoint(): string {
    return this.address;
  }

  /** All calls so far. */
  get calls(): readonly RecordedCall[] {
    return this.server.calls;
  }

  /** Number of calls in service; excludes those about which `faults` has not decided yet. */
  get serving(): number {
    return this.server.serving;
  }

  /** Sets the faults from now on. */
  set faults(plan: FaultPlan) {
    this.server.faults = plan;
  }

  /** Options for a client of an account's own code. */
  client(place: Place): ClientConfig {
    return {
      endpoint: this.endpoint,
      region: place.region,
      credentials: this.sts.accessKey(place.account),
      maxAttempts: 1,
      ...(!this.loopback && { requestHandler: requestHandlerTo((request) => this.receive(request)) }),
    };
  }

  /** Environment variables of a Lambda function in that place. */
  environmentOf(place: Place): { readonly [name: string]: string } {
    const { accessKeyId, secretAccessKey } = this.sts.accessKey(place.account);
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: place.region,
      AWS_DEFAULT_REGION: place.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  }
}

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
import { Lambda } from './lambda';
import { Ssm } from './ssm';
import { StepFunctions } from './step-functions';
import { Sts } from './sts';

/** What an SDK client needs to talk to the local AWS. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/**
 * A local AWS: an endpoint on loopback that speaks the protocols of the services we use, for all accounts and regions, on
 * a virtual clock. Its services are also there to be arranged and looked at directly.
 */
export class World {
  readonly clock = new VirtualClock();
  /** What AWS leaves open; may be changed at any time. */
  readonly behaviour: Behaviour;
  readonly iam = new Iam();
  readonly sts = new Sts(this.clock);
  readonly ssm = new Ssm();
  readonly cloudwatch = new CloudWatch(this.clock);
  readonly codepipeline = new CodePipeline();
  readonly stepfunctions = new StepFunctions();
  readonly dynamodb = new DynamoDb();
  readonly cloudformation = new CloudFormation(() => this.endpoint);
  readonly lambda: Lambda;
  readonly codedeploy: CodeDeploy;

  private readonly server: Endpoint;
  private address = '';

  private constructor(behaviour: Partial<Behaviour>) {
    this.behaviour = { ...DEFAULT_BEHAVIOUR, ...behaviour };
    this.lambda = new Lambda(this.clock, this.behaviour);
    this.codedeploy = new CodeDeploy(this.clock, this.lambda, this.cloudwatch, this.behaviour);
    const { sts, ssm, cloudwatch, codepipeline, stepfunctions, dynamodb, lambda, codedeploy } = this;
    const services = [sts, ssm, cloudwatch, codepipeline, stepfunctions, dynamodb, lambda, codedeploy];
    this.server = new Endpoint(
      this.clock,
      sts.identify,
      (call) => this.iam.check(call),
      services,
      (request) => this.cloudformation.receive(request),
    );
  }

  /** Starts a world with nothing in it. Close it when the test is over. */
  static async start(behaviour: Partial<Behaviour> = {}): Promise<World> {
    const world = new World(behaviour);
    world.address = await world.server.listen();
    return world;
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** Address of the endpoint: `AWS_ENDPOINT_URL`. */
  get endpoint(): string {
    return this.address;
  }

  /** Every call so far. */
  get calls(): readonly RecordedCall[] {
    return this.server.calls;
  }

  /** Decides from now on what goes wrong. */
  set faults(plan: FaultPlan) {
    this.server.faults = plan;
  }

  /** For a client of an account's own code. */
  client(place: Place): ClientConfig {
    return {
      endpoint: this.endpoint,
      region: place.region,
      credentials: this.sts.accessKey(place.account),
      maxAttempts: 1,
    };
  }

  /** The environment variables of a Lambda function in that place. */
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

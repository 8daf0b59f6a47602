import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CLIENT_CONFIG } from '../../lib/aws/client-config';
import type { GateConfig } from '../../lib/gate/config';
import type { GateRequest } from '../../lib/gate/request';
import { Ledger } from '../../lib/ledger/ledger';
import { pipelineParameterName, topologyParameterName } from '../../lib/plan/names';
import type { EnvironmentPlan, RolloutPlan } from '../../lib/plan/rollout-plan';
import { formatFacts, scheduleFacts } from '../../lib/plan/schedule-facts';
import { pipelineJson, topologyText } from '../../lib/plan/topology';
import { rolloutMachineDefinition } from '../../lib/rollout/machine-definition';
import { lambdaPlan } from '../../lib/workload/lambda/plan';
import { type BundledFunction, loadBundle } from '../helpers/bundles';
import { createLedgerTable } from '../helpers/ledger-table';
import { published } from '../helpers/revisions';
import { type MachineResult, type Machines, type RunOptions, runMachine } from '../helpers/run-machine';
import type { Behaviour } from '../local-aws/behaviour';
import { list } from '../local-aws/call';
import type { VirtualClock } from '../local-aws/clock';
import type { JobResult, LocalTransition } from '../local-aws/codepipeline';
import type { World, WorldOptions } from '../local-aws/world';
import { type PlanWorld, worldFromPlan } from '../local-aws/world-from-plan';
import { gateConfigOf, giveTraffic, LOOK_AGAIN } from './local-gate';
import { PIPELINE, PIPELINE_NAME } from './plan';

/** Name of the ledger's table. */
export const TABLE = 'orders-ledger';

const MACHINE_ARN = `arn:aws:states:${PIPELINE.region}:${PIPELINE.account}:stateMachine:orders-rollout`;

/** Where the deadlines of releases are set: the environment of the handlers. */
const DEADLINES = {
  DEADLINE_GROUP: 'orders-deadlines',
  DEADLINE_ROLE_ARN: `arn:aws:iam::${PIPELINE.account}:role/orders-deadlines`,
  DEADLINE_QUEUE_ARN: `arn:aws:sqs:${PIPELINE.region}:${PIPELINE.account}:orders-undelivered`,
  MACHINE_ARN,
};

const TOPIC_ARN = `arn:aws:sns:${PIPELINE.region}:${PIPELINE.account}:orders-releases`;

/** Lambda calls a function again that failed on an event: twice, after these seconds (Lambda, asynchronous invocation). */
const CALLED_AGAIN_AFTER_SECONDS = [60, 120];

/** A Lambda action that gives no answer for so long has failed (CodePipeline, quotas). */
const NO_ANSWER_MINUTES = 20;

/** Seconds after which CodePipeline asks a Lambda action again that answered a continuation token. */
const CONTINUES_AFTER_SECONDS = 30;

/** By the name of the state that calls it: the bundle of a rollout handler. */
const HANDLERS = { Collect: 'collect', Start: 'start', Watch: 'watch', Settle: 'settle', Rollback: 'rollback' };

type OnState = NonNullable<RunOptions['onState']>;

/** An action of the pipeline, and how it ended. */
export interface ActionResult {
  readonly action: string;
  readonly failed: boolean;
  /** What a person reads in the console. */
  readonly message: string;
  readonly machine?: MachineResult;
  /** It has not begun: its stage's transition is disabled, for this reason. */
  readonly waits?: string;
}

/** The action with which each stage begins in which it matters who is there. UpdatePipeline comes before staging is published. */
const FIRST = { UpdatePipeline: 'publish staging', Canary: 'gate canary', Production: 'gate production' };

/** The stage that an action enters, unless its execution is there already. */
const ENTERS: { readonly [action: string]: keyof typeof FIRST } = {
  'publish staging': 'UpdatePipeline',
  'gate canary': 'Canary',
  acquire: 'Canary',
  'gate production': 'Production',
  Wave1: 'Production',
};

/** By action that asks the gate: the stage it stands in. */
const GATED: { readonly [action: string]: GateRequest['stage'] } = {
  'gate canary': 'Canary',
  'gate production': 'Production',
};

/** What EventBridge calls the statuses of an execution. */
const EVENTS = {
  InProgress: 'STARTED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  Succeeded: 'SUCCEEDED',
  Superseded: 'SUPERSEDED',
};

/** After one of these the gate looks whether a blocked release may go on. */
export const ENDED: readonly string[] = ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'];

/** What the ledger says. */
export interface LedgerItems {
  /** Whatever there is, by key. */
  readonly all: { readonly [key: string]: { readonly [field: string]: unknown } };
  readonly holder?: { readonly [field: string]: unknown };
  readonly stable?: { readonly [field: string]: unknown };
  readonly releases: { readonly [executionId: string]: { readonly [field: string]: unknown } };
}

export interface LocalPipelineOptions extends WorldOptions {
  readonly plan: RolloutPlan;
  /** The machines as they were synthesized. By default they are made of the plan. */
  readonly machines?: Machines;
  readonly behaviour?: Partial<Behaviour>;
  /** Whether there has been a release before. Default: true. */
  readonly released?: boolean;
  /** What the gates ask. Default: nothing is frozen, no alarm open, and one error budget. */
  readonly gate?: GateConfig;
}

/**
 * A pipeline of the local AWS: the stages Staging, Canary and Production with the actions that really matter, run by the
 * machine and the bundles as they ship.
 */
export class LocalPipeline {
  readonly handlers: { readonly [bundle: string]: BundledFunction };
  /** Called before and after the work of every state of every machine: see `RunOptions.onState`. */
  onState?: (state: string, moment: 'before' | 'after', execution: string) => ReturnType<OnState>;
  /** Whether executions of the machine can be stopped. Default: true. */
  stoppable = true;
  /** Names of the executions that were told to stop. */
  readonly stopped = new Set<string>();
  /** The code of a release. By default no two have the same. */
  codeOf = (executionId: string): string => `code of ${executionId}`;

  private readonly statuses = new Map<string, string>();
  /** By execution that has failed: the action that did. */
  private readonly failedAt = new Map<string, string>();
  /** How many of the retries that somebody has called for have been run. */
  private retriesRun = 0;
  private readonly entered = new Set<string>();
  private rollbacks = 0;
  private readonly providers: { readonly [environment: string]: BundledFunction };

  private constructor(
    readonly fleet: PlanWorld,
    readonly machines: Machines,
    gate: GateConfig,
  ) {
    const environment = {
      LEDGER_TABLE: TABLE,
      PIPELINE_NAME,
      HELD_STAGES: 'UpdatePipeline,Canary',
      RELEASE_SCHEDULE: formatFacts(scheduleFacts(fleet.plan)),
      TOPIC_ARN: topicOf(machines),
      ...DEADLINES,
    };
    const names = [...Object.values(HANDLERS), 'ledger', 'reopen', 'gate'];
    this.handlers = Object.fromEntries(
      names.map((name) => {
        const own = name === 'gate' ? { ...environment, GATE: JSON.stringify(gate) } : environment;
        return [name, loadBundle(fleet.world, name, { place: PIPELINE, environment: own })];
      }),
    );
    this.providers = Object.fromEntries(
      Object.entries(fleet.plan.environments).map(([name, place]) => [
        name,
        loadBundle(fleet.world, 'publish', { place }),
      ]),
    );
  }

  /** Releases that Scheduler has had rolled back, as their deadlines passed. */
  readonly deadlinesPassed: Promise<MachineResult>[] = [];

  static async start(options: LocalPipelineOptions): Promise<LocalPipeline> {
    const { plan, machines = machinesOf(plan), gate = gateConfigOf(plan) } = options;
    const fleet = await worldFromPlan(plan, { loopback: false, warm: false, ...options, pipeline: PIPELINE });
    const { world } = fleet;
    world.codepipeline.createPipeline(PIPELINE, PIPELINE_NAME);
    world.sns.createTopic(topicOf(machines));
    world.scheduler.createGroup(PIPELINE, DEADLINES.DEADLINE_GROUP);
    for (const environment of Object.values(plan.environments)) {
      const { handler } = loadBundle(world, 'never-promote', { place: environment });
      for (const target of Object.values(environment.targets)) {
        world.lambda.register(environment, lambdaPlan(target, 'plan').neverPromoteHook, handler);
      }
    }
    await createLedgerTable(new DynamoDBClient(world.client(PIPELINE)), TABLE);
    publishTopology(fleet);
    giveTraffic(fleet);
    const pipeline = new LocalPipeline(fleet, machines, gate);
    world.stepfunctions.onStop = (ExecutionArn) => pipeline.stop({ ExecutionArn });
    world.scheduler.onFire = ({ arn, input }) => {
      if (arn === MACHINE_ARN) pipeline.deadlinesPassed.push(pipeline.rollback(JSON.parse(input)));
    };
    return pipeline;
  }

  get world(): World {
    return this.fleet.world;
  }

  get clock(): VirtualClock {
    return this.world.clock;
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** Names of the actions in their order. */
  get actions(): readonly string[] {
    const { canary: _canary, staging: _staging, ...waves } = this.fleet.plan.rollouts;
    const beforeWaves = ['publish staging', 'staging', 'gate canary', 'acquire', 'publish production', 'canary'];
    return [...beforeWaves, 'gate production', ...Object.keys(waves), 'complete'];
  }

  /**
   * Runs a release from one action to another, all by default, until one fails. As CodePipeline does it, the execution
   * has failed then, and stays so unless somebody retries.
   */
  async release(executionId: string, { from, to }: { from?: string; to?: string } = {}): Promise<ActionResult[]> {
    const { actions } = this;
    const chosen = actions.slice(from ? actions.indexOf(from) : 0, to ? actions.indexOf(to) + 1 : undefined);
    const results: ActionResult[] = [];
    await this.becomes(executionId, 'InProgress');
    for (const action of chosen) {
      const waits = await this.enter(action, executionId);
      if (waits !== undefined) {
        return [...results, { action, failed: false, message: '', waits }];
      }
      const result = await this.runAction(action, executionId);
      results.push(result);
      if (result.failed) {
        this.failedAt.set(executionId, action);
        await this.becomes(executionId, 'Failed');
        return results;
      }
    }
    if (chosen.at(-1) === actions.at(-1)) {
      await this.becomes(executionId, 'Succeeded');
    }
    return results;
  }

  /**
   * Lets those go on whose stage somebody has retried by a call, from their failed action; and those that wait in front of a
   * transition which is enabled by now, those in later stages first.
   */
  async goOn(): Promise<{ readonly [executionId: string]: readonly ActionResult[] }> {
    const gone: { [executionId: string]: readonly ActionResult[] } = {};
    for (const executionId of this.listRetried()) {
      gone[executionId] = await this.release(executionId, { from: this.failedAt.get(executionId) });
    }
    for (const [stage, action] of Object.entries(FIRST).reverse()) {
      const { waiting, enabled } = this.transition(stage);
      if (waiting !== undefined && enabled) gone[waiting] = await this.release(waiting, { from: action });
    }
    return gone;
  }

  /** Executions of which somebody has retried a stage by a call, since this was asked last. */
  listRetried(): readonly string[] {
    const retried = this.world.codepipeline.retried.slice(this.retriesRun);
    this.retriesRun += retried.length;
    return retried.map(({ executionId }) => executionId);
  }

  /** The transition into a stage. */
  transition(stage: string): LocalTransition {
    return this.world.codepipeline.transition(PIPELINE, PIPELINE_NAME, stage);
  }

  /** An execution is in a new state: whoever listens to the pipeline is told. */
  async becomes(executionId: string, status: keyof typeof EVENTS, state = EVENTS[status]): Promise<void> {
    const known = this.statuses.get(executionId);
    this.setStatus(executionId, status);
    if (known === status) return;
    const resumed = status === 'InProgress' && known !== undefined;
    await this.deliver(executionId, resumed ? 'RESUMED' : state);
  }

  /** An event of the pipeline. */
  async deliver(executionId: string, state: string): Promise<void> {
    await this.deliverReopen(executionId, state);
    if (ENDED.includes(state)) await this.recheckBlocked();
  }

  /** An event of the pipeline reaches the function that lets the next release come. */
  deliverReopen(executionId: string, state: string): Promise<void> {
    const detail = { pipeline: PIPELINE_NAME, 'execution-id': executionId, state, version: 1 };
    return this.invokeWithEvent('reopen', { source: 'aws.codepipeline', detail });
  }

  /** The clock of the pipeline reaches the function that lets the next release come. The gate looks by it, too: `recheckBlocked`. */
  deliverTime(): Promise<void> {
    return this.invokeWithEvent('reopen', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
  }

  /** The gate looks whether a blocked release may go on: by the clock, or since something has changed. `goOn` runs what it retries. */
  recheckBlocked(): Promise<void> {
    return this.invokeWithEvent('gate', LOOK_AGAIN);
  }

  /** As Lambda invokes a function with an event: when it fails, again, and then the event is lost. */
  private async invokeWithEvent(name: string, event: unknown): Promise<void> {
    for (const pause of [...CALLED_AGAIN_AFTER_SECONDS, undefined]) {
      try {
        await this.handlers[name].handler(event);
        return;
      } catch {
        if (pause !== undefined) await this.clock.sleep(pause);
      }
    }
  }

  /** Enters the stage that begins with this action; or says why it waits. The newest supersedes who waited before. */
  private async enter(action: string, executionId: string): Promise<string | undefined> {
    const stage = ENTERS[action];
    if (stage === undefined) return undefined;
    this.leave(stage, executionId);
    if (this.entered.has(`${stage} ${executionId}`)) return undefined;
    const transition = this.transition(stage);
    const older = transition.waiting;
    if (transition.enabled) {
      if (older === executionId) transition.waiting = undefined;
      this.entered.add(`${stage} ${executionId}`);
      transition.inside = executionId;
      return undefined;
    }
    transition.waiting = executionId;
    if (older !== undefined && older !== executionId) await this.becomes(older, 'Superseded');
    return transition.reason ?? '';
  }

  /** What comes to a stage has passed the one before. */
  private leave(next: keyof typeof FIRST, executionId: string): void {
    if (next === 'UpdatePipeline') this.transition(next).inside = undefined;
    const canary = this.transition('Canary');
    if (next === 'Production' && canary.inside === executionId) {
      Object.assign(canary, { inside: undefined, passed: executionId });
    }
  }

  /** Runs one action. */
  async runAction(action: string, executionId: string): Promise<ActionResult> {
    switch (action) {
      case 'publish staging':
        return { action, ...(await this.publish('STAGING', executionId)) };
      case 'publish production':
        return { action, ...(await this.publish('PRODUCTION', executionId)) };
      case 'gate canary':
      case 'gate production':
      case 'acquire':
      case 'complete': {
        const result = await this.lambdaAction(action, executionId);
        const gated = GATED[action];
        if (gated) this.transition(gated).gate = { failed: result.state !== 'succeeded', at: this.clock.now() };
        return { action, failed: result.state !== 'succeeded', message: 'message' in result ? result.message : '' };
      }
      default: {
        const machine = await this.rollout(action, executionId);
        const message = machine.status === 'SUCCEEDED' ? '' : `${machine.error}: ${machine.cause}`;
        return { action, failed: machine.status !== 'SUCCEEDED', message, machine };
      }
    }
  }

  /** Runs the machine of one rollout. */
  rollout(rollout: string, executionId: string, name = `${executionId}-${rollout}`): Promise<MachineResult> {
    return this.run({ rollout, executionId, commit: commitOf(executionId) }, name);
  }

  /** Runs the machine as the safety net, or a person, starts it: with the order to roll back. */
  rollback(input: RunOptions['input'], name = `rollback-${++this.rollbacks}`): Promise<MachineResult> {
    return this.run(input, name);
  }

  private run(input: RunOptions['input'], name: string): Promise<MachineResult> {
    const tasks = Object.entries(HANDLERS).map(([state, bundle]) => [state, this.handlers[bundle].handler]);
    return runMachine({
      machines: this.machines,
      tasks: {
        ...Object.fromEntries(tasks),
        StopRollout: (parameters) => this.stop(parameters),
        Tell: (parameters) => this.publishMessage(parameters),
      },
      clock: this.clock,
      input,
      name,
      onState: (state, moment) => (this.stopped.has(name) ? 'kill' : this.onState?.(state, moment, name)),
    });
  }

  /** StopExecution: the work that runs goes on to its end, and the machine goes no further. */
  private async stop(parameters: unknown): Promise<unknown> {
    const { ExecutionArn } = parameters as { readonly ExecutionArn: string };
    if (!this.stoppable) {
      throw Object.assign(new Error('not authorized'), { name: 'Sfn.AccessDeniedException' });
    }
    this.stopped.add(ExecutionArn.split(':').at(-1) ?? '');
    return { StopDate: this.clock.iso() };
  }

  /** The integration of Step Functions with SNS, by which the machine tells the team. */
  private async publishMessage(parameters: unknown): Promise<unknown> {
    const { requestHandler } = CLIENT_CONFIG;
    const client = new SNSClient({ requestHandler, ...this.world.client(PIPELINE) });
    try {
      const { MessageId } = await client.send(
        new PublishCommand(parameters as ConstructorParameters<typeof PublishCommand>[0]),
      );
      return { MessageId };
    } finally {
      client.destroy();
    }
  }

  /** The deadlines that are set: when they pass, ISO 8601. */
  get deadlines(): readonly string[] {
    return this.world.scheduler.in(PIPELINE, DEADLINES.DEADLINE_GROUP).map(({ at }) => at);
  }

  /** What the ledger says when a release has completed with what is live now: its gates then ask all that they can. */
  async hasCompleted(executionId: string): Promise<void> {
    const at = this.clock.iso();
    const ofProduction = Object.entries(this.fleet.plan.environments).filter(([, { phase }]) => phase === 'PRODUCTION');
    const revisions = Object.fromEntries(
      ofProduction.map(([name, { targets }]) => [
        name,
        Object.fromEntries(
          Object.keys(targets).map((key) => {
            const fn = this.fleet.function(name, key);
            return [key, published(fn.name, fn.aliases.get('live')?.version ?? '')];
          }),
        ),
      ]),
    );
    const stable = { executionId, commit: commitOf(executionId), at, revisions, recent: [at] };
    await new Ledger(new DynamoDBClient(this.world.client(PIPELINE)), TABLE).setStable(stable, 0);
  }

  /** Lets time pass in which nothing but deadlines happens, and waits for what they have started. */
  async stands(minutes: number): Promise<readonly MachineResult[]> {
    await this.clock.participate(() => this.clock.sleep(minutes * 60));
    return Promise.all(this.deadlinesPassed);
  }

  /** What the team was told, in its order: the subjects, without the commit. */
  get told(): readonly string[] {
    return this.world.sns.published.map(({ subject }) => subject.replace(/^orders: | \(.*\)$/g, ''));
  }

  /** What has become of an execution, as CodePipeline calls it. */
  statusOf(executionId: string): string | undefined {
    return this.statuses.get(executionId);
  }

  setStatus(executionId: string, status: Parameters<World['codepipeline']['setExecution']>[3]): void {
    this.statuses.set(executionId, status);
    this.world.codepipeline.setExecution(PIPELINE, PIPELINE_NAME, executionId, status);
  }

  /** What the ledger has, as it is stored. */
  async ledger(): Promise<LedgerItems> {
    const scan = { ...PIPELINE, operation: 'Scan', input: { TableName: TABLE, ConsistentRead: true } };
    const Items = list(await this.world.dynamodb.handle(scan), 'Items') as Parameters<typeof unmarshall>[0][];
    const items = new Map(Items.map((item) => unmarshall(item)).map(({ pk, ...item }) => [String(pk), item]));
    const releases = [...items].filter(([pk]) => pk.startsWith('release#'));
    return {
      all: Object.fromEntries(items),
      holder: items.get('holder'),
      stable: items.get('stable'),
      releases: Object.fromEntries(releases.map(([pk, item]) => [pk.slice('release#'.length), item])),
    };
  }

  /** Deploys the stacks of a phase: the functions' code, then `Custom::LambdaPublication`, then what it reports. */
  private async publish(
    phase: EnvironmentPlan['phase'],
    executionId: string,
  ): Promise<{ readonly failed: boolean; readonly message: string }> {
    const { plan, world } = this.fleet;
    for (const [name, environment] of Object.entries(plan.environments).filter(([, { phase: at }]) => at === phase)) {
      for (const key of Object.keys(environment.targets)) {
        const fn = this.fleet.function(name, key);
        world.lambda.update(environment, fn.name, { code: this.codeOf(executionId) });
        const { Status, Reason, Data } = await world.cloudformation.ask(this.providers[name].handler, {
          type: 'Update',
          logicalId: `${key}Release`,
          physicalId: `${key}Publication-publication`,
          properties: { FunctionName: fn.name, AliasName: 'live' },
        });
        if (Status === 'FAILED' || !Data) {
          return { failed: true, message: Reason ?? '' };
        }
        this.fleet.report(name, key, Data.CandidateVersion);
      }
    }
    return { failed: false, message: '' };
  }

  private async lambdaAction(action: string, executionId: string): Promise<JobResult> {
    const [bundle, parameters] = this.lambdaOf(action);
    const userParameters = JSON.stringify({ ...parameters, executionId, commit: commitOf(executionId) });
    const { codepipeline } = this.world;
    let token: string | undefined;
    for (;;) {
      const { id, event } = codepipeline.job(PIPELINE, bundle, userParameters, token);
      await this.invokeWithEvent(bundle, event);
      const result = codepipeline.result(PIPELINE, id);
      if (result?.state === 'waiting') {
        await this.clock.sleep(NO_ANSWER_MINUTES * 60);
        return { state: 'failed', message: `The action gave no answer for ${NO_ANSWER_MINUTES} min` };
      }
      if (result?.state !== 'continues') {
        return result ?? { state: 'waiting' };
      }
      token = result.continuationToken;
      await this.clock.sleep(CONTINUES_AFTER_SECONDS);
    }
  }

  /** The function of an action, and what it is told. */
  private lambdaOf(action: string): readonly [bundle: string, parameters: object] {
    if (GATED[action]) return ['gate', { stage: GATED[action] }];
    const requires = Object.entries(this.fleet.plan.rollouts)
      .filter(([, { kind }]) => kind !== 'STAGING')
      .map(([name]) => name);
    return ['ledger', { operation: action, requires }];
  }
}

export const commitOf = (executionId: string): string => `c0ffee-${executionId}`;

/** What the stacks say of where everything is. */
function publishTopology({ plan, world }: PlanWorld): void {
  const environments = Object.values(plan.environments).filter(({ phase }) => phase === 'PRODUCTION');
  const production = environments.map(({ account, region }) => ({ account, region }));
  const topology = { service: plan.service, pipeline: PIPELINE, production };
  for (const environment of environments) {
    const targets = Object.fromEntries(Object.entries(environment.targets).map(([key, { kind }]) => [key, kind]));
    world.ssm.put(environment, topologyParameterName(plan.service), topologyText({ ...topology, targets }));
  }
  const facts = { topology, table: TABLE, stages: ['UpdatePipeline', 'Canary'] };
  world.ssm.put(PIPELINE, pipelineParameterName(plan.service), JSON.stringify(pipelineJson(facts)));
}

/** The topic on which the machine tells the team. */
function topicOf({ parent }: Machines): string {
  const { TopicArn } = parent.States.Tell.Parameters as { readonly TopicArn: string };
  return TopicArn;
}

/** The machines of a plan, as the constructs would synthesize them. */
export function machinesOf(plan: RolloutPlan): Machines {
  const arn = (name: string): string =>
    `arn:aws:lambda:${PIPELINE.region}:${PIPELINE.account}:function:orders-${name}:1`;
  return rolloutMachineDefinition({
    plan,
    handlers: {
      collect: arn('collect'),
      start: arn('start'),
      watch: arn('watch'),
      settle: arn('settle'),
      rollback: arn('rollback'),
    },
    machineArn: MACHINE_ARN,
    topicArn: TOPIC_ARN,
    legMachineArn: `arn:aws:states:${PIPELINE.region}:${PIPELINE.account}:stateMachine:orders-leg`,
    partition: 'aws',
  });
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CLIENT_CONFIG } from '../../lib/aws/client-config';
import type { GateConfig } from '../../lib/gate/config';
import type { GateRequest } from '../../lib/gate/request';
import { Ledger } from '../../lib/ledger/ledger';
import { ACTION_SCHEMA } from '../../lib/plan/action-parameters';
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
import { gateConfigOf, giveTraffic, RECHECK } from './local-gate';
import { PIPELINE, PIPELINE_NAME } from './plan';

/** Name of the ledger's table. */
export const TABLE = 'orders-ledger';

const MACHINE_ARN = `arn:aws:states:${PIPELINE.region}:${PIPELINE.account}:stateMachine:orders-rollout`;

/** Environment of the handlers that places the deadlines of releases. */
const DEADLINES = {
  DEADLINE_GROUP: 'orders-deadlines',
  DEADLINE_ROLE_ARN: `arn:aws:iam::${PIPELINE.account}:role/orders-deadlines`,
  DEADLINE_QUEUE_ARN: `arn:aws:sqs:${PIPELINE.region}:${PIPELINE.account}:orders-undelivered`,
  MACHINE_ARN,
};

const TOPIC_ARN = `arn:aws:sns:${PIPELINE.region}:${PIPELINE.account}:orders-releases`;

/** Seconds after which Lambda retries a function that failed on an event: twice (Lambda, asynchronous invocation). */
const CALLED_AGAIN_AFTER_SECONDS = [60, 120];

/** Minutes without an answer after which a Lambda action has failed (CodePipeline, quotas). */
const NO_ANSWER_MINUTES = 20;

/** Seconds after which CodePipeline invokes a Lambda action again that returned a continuation token. */
const CONTINUES_AFTER_SECONDS = 30;

/** Bundles of the rollout handlers, by the name of the state that calls them. */
const HANDLERS = { Collect: 'collect', Start: 'start', Watch: 'watch', Settle: 'settle', Rollback: 'rollback' };

type OnState = NonNullable<RunOptions['onState']>;

/** An action of the pipeline, with its result. */
export interface ActionResult {
  readonly action: string;
  readonly failed: boolean;
  /** Message in the console. */
  readonly message: string;
  readonly machine?: MachineResult;
  /** Reason why the action has not begun: its stage's transition is disabled. */
  readonly waits?: string;
}

/** First action of each stage whose occupant matters. UpdatePipeline comes before staging is published. */
const FIRST = { UpdatePipeline: 'publish staging', Canary: 'gate canary', Production: 'gate production' };

/** Stages that actions enter, unless their execution is already inside. */
const ENTERS: { readonly [action: string]: keyof typeof FIRST } = {
  'publish staging': 'UpdatePipeline',
  'gate canary': 'Canary',
  acquire: 'Canary',
  'gate production': 'Production',
  Wave1: 'Production',
};

/** Stage of each action that runs the gate. */
const GATED: { readonly [action: string]: GateRequest['stage'] } = {
  'gate canary': 'Canary',
  'gate production': 'Production',
};

/** EventBridge's names for the statuses of an execution. */
const EVENTS = {
  InProgress: 'STARTED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  Succeeded: 'SUCCEEDED',
  Superseded: 'SUPERSEDED',
};

/** States after which the gate re-checks blocked releases. */
export const ENDED: readonly string[] = ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'];

/** Items of the ledger. */
export interface LedgerItems {
  /** All items, by key. */
  readonly all: { readonly [key: string]: { readonly [field: string]: unknown } };
  readonly holder?: { readonly [field: string]: unknown };
  readonly stable?: { readonly [field: string]: unknown };
  readonly releases: { readonly [executionId: string]: { readonly [field: string]: unknown } };
}

export interface LocalPipelineOptions extends WorldOptions {
  readonly plan: RolloutPlan;
  /** Machines as synthesized. Default: made from the plan. */
  readonly machines?: Machines;
  readonly behaviour?: Partial<Behaviour>;
  /** True if a release has completed before. Default: true. */
  readonly released?: boolean;
  /** Checks of the gates. Default: nothing is frozen, no alarm is open, and one error budget is whole. */
  readonly gate?: GateConfig;
}

/**
 * A pipeline of the local AWS: the stages Staging, Canary and Production with their essential actions, run by the
 * machine and the bundles as they ship.
 */
export class LocalPipeline {
  readonly handlers: { readonly [bundle: string]: BundledFunction };
  /** Called before and after the work of every state of every machine: see `RunOptions.onState`. */
  onState?: (state: string, moment: 'before' | 'after', execution: string) => ReturnType<OnState>;
  /** True if executions of the machine can be stopped. Default: true. */
  stoppable = true;
  /** Names of the executions that were ordered to stop. */
  readonly stopped = new Set<string>();
  /** Returns the code of a release. Default: another code for each release. */
  codeOf = (executionId: string): string => `code of ${executionId}`;

  private readonly statuses = new Map<string, string>();
  /** Failed action of each failed execution. */
  private readonly failedAt = new Map<string, string>();
  /** Number of requested retries that have been run. */
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

  /** Rollbacks that Scheduler has started at the deadlines of releases. */
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
   * Runs a release from one action to another, all by default, until one fails. As in CodePipeline, the execution has
   * then failed, and stays so until it is retried.
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
   * Runs executions whose stage was retried by a call, from their failed action. Then runs those that wait before a
   * transition that is enabled by now, later stages first.
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

  /** Lists executions of which a call has retried a stage, since the last call of this function. */
  listRetried(): readonly string[] {
    const retried = this.world.codepipeline.retried.slice(this.retriesRun);
    this.retriesRun += retried.length;
    return retried.map(({ executionId }) => executionId);
  }

  /** The transition into a stage. */
  transition(stage: string): LocalTransition {
    return this.world.codepipeline.transition(PIPELINE, PIPELINE_NAME, stage);
  }

  /** Sets the state of an execution, and notifies the listeners of the pipeline. */
  async becomes(executionId: string, status: keyof typeof EVENTS, state = EVENTS[status]): Promise<void> {
    const before = this.statuses.get(executionId);
    this.setStatus(executionId, status);
    if (before === status) return;
    const resumed = status === 'InProgress' && before !== undefined;
    await this.deliver(executionId, resumed ? 'RESUMED' : state);
  }

  /** Delivers an event of the pipeline. */
  async deliver(executionId: string, state: string): Promise<void> {
    await this.deliverReopen(executionId, state);
    if (ENDED.includes(state)) await this.recheckBlocked();
  }

  /** Delivers an event of the pipeline to the function that reopens the transitions. */
  deliverReopen(executionId: string, state: string): Promise<void> {
    const detail = { pipeline: PIPELINE_NAME, 'execution-id': executionId, state, version: 1 };
    return this.invokeWithEvent('reopen', { source: 'aws.codepipeline', detail });
  }

  /**
   * Delivers the pipeline's scheduled event to the function that reopens the transitions. The gate has the same
   * schedule: `recheckBlocked`.
   */
  deliverTime(): Promise<void> {
    return this.invokeWithEvent('reopen', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
  }

  /** Re-checks blocked releases, as the gate does on schedule or after a change. `goOn` runs the retries. */
  recheckBlocked(): Promise<void> {
    return this.invokeWithEvent('gate', RECHECK);
  }

  /** Invokes a function with an event as Lambda does: a failure is retried, and then the event is lost. */
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

  /**
   * Enters the stage that begins with this action, or returns the reason to wait. The newest supersedes an earlier
   * waiting execution.
   */
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

  /** Leaves the stage before this one. */
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

  /** Runs the machine with the order to roll back, as the safety net or a person starts it. */
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

  /** StopExecution: the running work continues to its end, and the machine goes no further. */
  private async stop(parameters: unknown): Promise<unknown> {
    const { ExecutionArn } = parameters as { readonly ExecutionArn: string };
    if (!this.stoppable) {
      throw Object.assign(new Error('not authorized'), { name: 'Sfn.AccessDeniedException' });
    }
    this.stopped.add(ExecutionArn.split(':').at(-1) ?? '');
    return { StopDate: this.clock.iso() };
  }

  /** Step Functions' integration with SNS, by which the machine notifies the team. */
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

  /** Times of the deadlines that are set, ISO 8601. */
  get deadlines(): readonly string[] {
    return this.world.scheduler.in(PIPELINE, DEADLINES.DEADLINE_GROUP).map(({ at }) => at);
  }

  /**
   * Records in the ledger that a release has completed with the live revisions, so that the gates can read everything.
   */
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

  /** Lets time pass in which only deadlines happen, and waits for the rollbacks that they start. */
  async stands(minutes: number): Promise<readonly MachineResult[]> {
    await this.clock.participate(() => this.clock.sleep(minutes * 60));
    return Promise.all(this.deadlinesPassed);
  }

  /** Subjects of the notices to the team, in their order, without the commit. */
  get notices(): readonly string[] {
    return this.world.sns.published.map(({ subject }) => subject.replace(/^orders: | \(.*\)$/g, ''));
  }

  /** Status of an execution, with CodePipeline's name. */
  statusOf(executionId: string): string | undefined {
    return this.statuses.get(executionId);
  }

  setStatus(executionId: string, status: Parameters<World['codepipeline']['setExecution']>[3]): void {
    this.statuses.set(executionId, status);
    this.world.codepipeline.setExecution(PIPELINE, PIPELINE_NAME, executionId, status);
  }

  /** Reads the ledger's items as stored. */
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

  /** Deploys the stacks of a phase: the functions' code, then `Custom::LambdaPublication`, then its report. */
  private async publish(
    phase: EnvironmentPlan['phase'],
    executionId: string,
  ): Promise<{ readonly failed: boolean; readonly message: string }> {
    const { plan, world } = this.fleet;
    for (const [name, environment] of Object.entries(plan.environments).filter(([, { phase: at }]) => at === phase)) {
      for (const key of Object.keys(environment.targets)) {
        const fn = this.fleet.function(name, key);
        world.lambda.update(environment, fn.name, { code: this.codeOf(executionId) });
        const { Status, Reason, Data } = await world.cloudformation.send(this.providers[name].handler, {
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
    const userParameters = JSON.stringify({
      schema: ACTION_SCHEMA,
      ...parameters,
      executionId,
      commit: commitOf(executionId),
    });
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

  /** The function of an action, with its parameters. */
  private lambdaOf(action: string): readonly [bundle: string, parameters: object] {
    if (GATED[action]) return ['gate', { stage: GATED[action] }];
    const requires = Object.entries(this.fleet.plan.rollouts)
      .filter(([, { kind }]) => kind !== 'STAGING')
      .map(([name]) => name);
    return ['ledger', { operation: action, requires }];
  }
}

export const commitOf = (executionId: string): string => `c0ffee-${executionId}`;

/** Publishes the topology, as the stacks do. */
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

/** Topic on which the machine notifies the team. */
function topicOf({ parent }: Machines): string {
  const { TopicArn } = parent.States.Tell.Parameters as { readonly TopicArn: string };
  return TopicArn;
}

/** Builds the machines of a plan, as the constructs synthesize them. */
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

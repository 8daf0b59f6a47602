import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../lib/ledger/ledger';
import { type ActionResult, ENDED, type LocalPipeline, TABLE } from '../e2e/local-pipeline';
import { type LocalNet, pipelineIs, stageIs } from '../e2e/net';
import { PIPELINE } from '../e2e/plan';
import type { MachineResult } from '../helpers/run-machine';
import type { Event } from '../local-aws/event-bridge';
import type { Conductor } from './conductor';
import { FUNCTION, RACED_REGIONS } from './plan';

/** EventBridge delivers within this time, in minutes, and in any order. */
const DELIVERY_MINUTES = 5;

/** How long CloudFormation takes for a region, in seconds. */
const PUBLISH_SECONDS = 20;

type Stage = 'UpdatePipeline' | 'Canary' | 'Production';

/** The stages and their actions. */
const STAGES: readonly (readonly [Stage, readonly string[]])[] = [
  ['UpdatePipeline', ['update']],
  ['Canary', ['gate canary', 'acquire', 'publish', 'canary']],
  ['Production', ['gate production', 'Wave1', 'Wave2', 'complete']],
];

/** Names that EventBridge gives to the end of an execution or of a stage. */
const EVENTS = {
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
  Cancelled: 'CANCELED',
  Superseded: 'SUPERSEDED',
} as const;

type Ended = keyof typeof EVENTS;

interface Execution {
  readonly id: string;
  ended?: Ended;
  /** Its end after the current action. */
  ending?: 'Stopped' | 'Cancelled';
  /** Stage before which it waits. */
  waits?: number;
  /** Place where it has failed. */
  failedAt?: readonly [stage: number, action: number];
}

/** Input of an execution of the machine that rolls back. */
export type Order = Parameters<LocalPipeline['rollback']>[0];

/** An update of the pipeline. */
export interface Updates {
  /** Execution that updates the pipeline when it reaches that stage; undefined if a person does. */
  readonly by?: string;
  /** True if the update enables the transitions. AWS does not document this. */
  readonly enables: boolean;
}

/** Observer of everything that happens. */
export interface Witness {
  /** A region serves, or may serve, this version from now on. */
  published(executionId: string, region: string, version: string): void;
  acted(executionId: string, result: ActionResult): void;
  /** An execution begins, or its stage is retried. */
  runs(executionId: string): void;
  ended(executionId: string): void;
  /** The machine is started with an order. The returned function takes the result. */
  ordered(order: Order): (result: MachineResult) => void;
}

/**
 * Runs executions of the pipeline as CodePipeline does: one at a time in a stage, and of those that wait the newest
 * continues. An update of the pipeline ends all after their current action. Events about them arrive late.
 */
export class Executions {
  private readonly all: Execution[] = [];
  private readonly ledger: Ledger;

  constructor(
    private readonly pipeline: LocalPipeline,
    private readonly conductor: Conductor,
    private readonly net: LocalNet,
    private readonly witness: Witness,
    private readonly updates: Updates | undefined,
  ) {
    this.ledger = new Ledger(new DynamoDBClient(pipeline.world.client(PIPELINE)), TABLE);
  }

  /** Starts an execution: a commit has arrived. */
  start(id: string): void {
    const execution: Execution = { id };
    this.all.push(execution);
    this.pipeline.setStatus(id, 'InProgress');
    this.witness.runs(id);
    this.announce(id, 'STARTED');
    this.arrive(execution, 0);
  }

  /** Stops an execution, as a person does. */
  stop(id: string): void {
    const execution = this.all.find((each) => each.id === id);
    if (!execution || execution.ended) return;
    execution.ending ??= 'Stopped';
    this.pipeline.setStatus(id, 'Stopping');
    this.deliver(pipelineIs(id, 'STOPPING'));
    if (execution.waits !== undefined) this.end(execution, 'Stopped');
  }

  /** Updates the pipeline: executions under way end after their action, waiting ones at once. */
  update(): void {
    if (this.updates?.enables) this.enableAll();
    for (const execution of this.all) {
      if (execution.ended) continue;
      execution.ending ??= 'Cancelled';
      if (execution.waits !== undefined) this.end(execution, 'Cancelled');
    }
  }

  /** Sends an order to roll back. */
  order(order: Order, name: string): void {
    this.conductor.job(name, async () => {
      await this.turn(name);
      const answer = this.witness.ordered(order);
      answer(await this.pipeline.rollback(order));
    });
  }

  /** Enables the transitions, whoever has disabled them. */
  enableAll(): void {
    for (const at of STAGES.keys()) Object.assign(this.transition(at), { enabled: true, reason: undefined });
  }

  /** Ends the hold that an order has placed, as a person does. */
  resume(): void {
    this.conductor.job('the hold ends', async () => {
      await this.ledger.removeHold();
      await this.pipeline.deliverReopen('none', 'STARTED');
    });
  }

  /** Runs the pipeline's schedule: reopen and the gate's re-check. */
  runSchedule(): void {
    this.conductor.job('reopen receives the time', async () => {
      await this.turn('reopen receives the time');
      await this.pipeline.deliverTime();
    });
    this.recheck('on schedule');
  }

  /** Re-checks blocked releases, on schedule or because of an event. */
  recheck(because: string): void {
    this.conductor.job(`the gate re-checks, ${because}`, async () => {
      await this.turn(`the gate re-checks, ${because}`);
      await this.pipeline.recheckBlocked();
    });
  }

  /** Runs retried executions, then lets waiting ones continue where the way is free: later stages first. */
  goOn(): void {
    for (const id of this.pipeline.listRetried()) this.retry(id);
    for (const at of STAGES.map((_stage, index) => index).reverse()) {
      const waiting = this.all.find(({ waits }) => waits === at);
      if (waiting && this.isFree(at)) this.enter(waiting, at);
    }
  }

  /** Executions that wait before a stage. */
  get waiting(): readonly string[] {
    return this.all.filter(({ waits }) => waits !== undefined).map(({ id }) => id);
  }

  /** Returns the end of an execution. */
  ended(id: string): Ended | undefined {
    return this.all.find((each) => each.id === id)?.ended;
  }

  private retry(id: string): void {
    const execution = this.all.find((each) => each.id === id);
    if (!execution?.failedAt) throw new Error(`${id} was retried, but has not failed`);
    const [at, from] = execution.failedAt;
    execution.ended = undefined;
    execution.failedAt = undefined;
    this.pipeline.setStatus(id, 'InProgress');
    this.witness.runs(id);
    this.announce(id, 'RESUMED');
    this.conductor.job(`${id} again in ${STAGES[at][0]}`, () => this.runStage(execution, at, from));
  }

  private arrive(execution: Execution, at: number): void {
    const older = this.all.find(({ waits }) => waits === at);
    execution.waits = at;
    this.transition(at).waiting = execution.id;
    if (older) this.end(older, 'Superseded');
  }

  private isFree(at: number): boolean {
    const { enabled, inside } = this.transition(at);
    const occupied = inside !== undefined && this.all.some(({ id, ended }) => id === inside && !ended);
    return enabled && !occupied;
  }

  private enter(execution: Execution, at: number): void {
    execution.waits = undefined;
    const transition = this.transition(at);
    if (transition.waiting === execution.id) transition.waiting = undefined;
    transition.inside = execution.id;
    this.conductor.job(`${execution.id} in ${STAGES[at][0]}`, () => this.runStage(execution, at));
  }

  private async runStage(execution: Execution, at: number, from = 0): Promise<void> {
    const { id } = execution;
    const [stage, actions] = STAGES[at];
    for (const [index, action] of actions.entries()) {
      if (index < from) continue;
      await this.turn(`${id} begins ${action}`);
      const result = await this.runAction(action, id);
      this.witness.acted(id, result);
      const ended = execution.ending ?? (result.failed ? 'Failed' : undefined);
      if (ended) {
        if (ended === 'Failed') execution.failedAt = [at, index];
        this.deliver(stageIs(id, stage, EVENTS[ended]));
        return this.end(execution, ended);
      }
    }
    Object.assign(this.transition(at), { inside: undefined, passed: id });
    if (at + 1 < STAGES.length) this.arrive(execution, at + 1);
    else this.end(execution, 'Succeeded');
  }

  private async runAction(action: string, id: string): Promise<ActionResult> {
    switch (action) {
      case 'update':
        if (this.updates?.by === id) this.update();
        return { action, failed: false, message: '' };
      case 'publish':
        await this.publish(id);
        return { action, failed: false, message: '' };
      default: {
        const result = await this.pipeline.runAction(action, id);
        const { machine } = result;
        if (machine && machine.status !== 'SUCCEEDED') this.deliver(this.net.machineEnded(id, action, machine.status));
        return result;
      }
    }
  }

  /** Publishes region by region, as CloudFormation does. */
  private async publish(id: string): Promise<void> {
    for (const region of RACED_REGIONS) {
      await this.turn(`${id} is published in ${region}`, PUBLISH_SECONDS);
      this.witness.published(id, region, this.pipeline.fleet.publish(region, FUNCTION, `code of ${id}`));
    }
  }

  private end(execution: Execution, ended: Ended): void {
    const { id, waits } = execution;
    if (waits !== undefined) {
      const transition = this.transition(waits);
      if (transition.waiting === id) transition.waiting = undefined;
      execution.waits = undefined;
    }
    execution.ended = ended;
    this.witness.ended(id);
    this.pipeline.setStatus(id, ended);
    this.announce(id, EVENTS[ended]);
  }

  /** Sends an execution's state to the safety net, to the function that reopens the transitions, and to the gate. */
  private announce(id: string, state: string): void {
    this.deliver(pipelineIs(id, state));
    this.conductor.job(`${id} is ${state}`, async () => {
      await this.turn(`reopen receives that ${id} is ${state}`);
      await this.pipeline.deliverReopen(id, state);
    });
    if (ENDED.includes(state)) this.recheck(`${id} is ${state}`);
  }

  private deliver(event: Event): void {
    for (const input of this.net.inputsOf(event)) {
      this.order(input as Order, `the safety net reacts to ${JSON.stringify(event.detail).slice(0, 150)}`);
    }
  }

  private turn(label: string, seconds = DELIVERY_MINUTES * 60): Promise<void> {
    return this.conductor.turn(label, this.pipeline.clock.now() + seconds * 1000);
  }

  private transition(at: number): ReturnType<LocalPipeline['transition']> {
    return this.pipeline.transition(STAGES[at][0]);
  }
}

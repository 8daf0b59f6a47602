import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { PATIENCE_MINUTES } from '../../lib/plan/timing';
import { BREAK_GLASS, FREEZE, LEAD } from '../e2e/local-gate';
import { LocalPipeline } from '../e2e/local-pipeline';
import { type LocalNet, pipelineIs, stageIs } from '../e2e/net';
import { PIPELINE, planByHand } from '../e2e/plan';
import type { MachineResult, Machines } from '../helpers/run-machine';
import type { Call, Fault } from '../local-aws/call';
import type { Event } from '../local-aws/event-bridge';
import type { PipelineEvent, Point, Scenario } from './case';

export const RELEASE = 'e-1';

/** Where the first and the second wave go. */
export const REGIONS = ['ap-southeast-2', 'eu-west-1'] as const;

/** The smallest plan that has everything, and as short as it can be: its minutes are a machine's rounds. */
export const PLAN: RolloutPlan = planByHand({
  staging: 1,
  canary: 2,
  step: 1,
  bakes: [1, 1],
  regions: REGIONS,
  keys: ['http'],
});

/** Made, and checked by the interpreter, only once. */
let machines: Machines | undefined;

const ALARMS: { readonly [action: string]: string } = {
  canary: 'orders-production-http-canary-errors',
  Wave1: 'orders-production-http-wave-errors',
  Wave2: 'orders-production-http-wave-errors',
};

/** Minutes from the first look at a rollout to what happens in its middle: traffic is split then. */
const MIDDLE_MINUTES = 1.5;

/** Until a person has seen that a stage has failed, and retries it. */
const TRIED_AGAIN_AFTER_MINUTES = 15;

/** The gate looks this often whether a blocked release may go on, and is not waited for after so many times. */
const LOOKS_EVERY_MINUTES = 10;
const LOOKS = 12;

/** How long the line is stopped: it is looked at in between, too. */
const FROZEN_MINUTES = 15;

/** From an event to what a rule starts. */
const DELIVERED_AFTER_SECONDS = 2;

/** After so many rounds of one rollback its rounds are all alike: it has passed every patience but its last. */
const ROUNDS_OF_ROLLBACK = 4 * (PATIENCE_MINUTES.codeDeploy + 2);

/** What may be hooked into a run. */
export interface Hooks {
  readonly onCall?: (call: Call, action: string) => Fault | undefined;
  /** May throw, as a task of the machine fails. */
  readonly onState?: (
    state: string,
    moment: 'before' | 'after',
    execution: string,
    action: string,
  ) => 'kill' | undefined;
  readonly pipelineEvent?: { readonly event: PipelineEvent; readonly at: Point };
  /** Whether an action that is no rollout is tried once more when it fails, as a person would; and only one event tells. */
  readonly retries?: boolean;
}

/** One release of a local pipeline with its safety net, from its first action to where it ends. */
export class ReleaseRun {
  /** The action that runs. */
  action = '';
  /** Actions that failed once, and went through when they were tried again. */
  readonly retried: string[] = [];
  /** How every execution of the machine has ended that the safety net has started, or that failed. */
  readonly ended: MachineResult[] = [];

  /** Actions at which a gate has blocked it. */
  readonly blocked = new Set<string>();

  private looks = 0;
  private readonly middles = new Set<string>();
  private readonly beside: Promise<unknown>[] = [];
  private readonly rounds = new Map<string, number>();
  /** Said to be stopped or cancelled: no further action begins. */
  private stops: (() => Promise<void>) | undefined;
  private over = false;
  private alone = false;

  private constructor(
    readonly pipeline: LocalPipeline,
    private readonly net: LocalNet,
    private readonly scenario: Scenario,
    private readonly hooks: Hooks,
  ) {
    pipeline.world.faults = (call) => hooks.onCall?.(call, this.action);
    pipeline.onState = (state, moment, execution) => this.onState(state, moment, execution);
  }

  static async start(
    net: LocalNet,
    scenario: Scenario,
    hooks: (pipeline: LocalPipeline) => Hooks,
  ): Promise<ReleaseRun> {
    const pipeline = await LocalPipeline.start({ plan: PLAN, machines });
    machines = pipeline.machines;
    await pipeline.hasCompleted('e-0');
    return new ReleaseRun(pipeline, net, scenario, hooks(pipeline));
  }

  async run(): Promise<void> {
    for (const action of this.pipeline.actions) {
      await this.happens({ action, moment: 'before' });
      if (this.over) break;
      this.action = action;
      if (isGate(action)) this.arrangeGate();
      if (!(await this.runAction(action))) break;
      await this.happens({ action, moment: 'after' });
      if (this.over) break;
    }
    await Promise.all(this.beside);
    // What is still in flight, in CodeDeploy, lands: at the latest at the end of a canary's longest interval.
    await this.pipeline.clock.advance(this.alone ? 51 * 60 : 10);
  }

  /** Starts something beside the release, which is not over before it has ended. */
  atOnce(work: Promise<unknown>): void {
    this.beside.push(work);
  }

  /** Runs one action. Answers whether the next one may begin. */
  private async runAction(action: string, again = false): Promise<boolean> {
    const { pipeline } = this;
    const result = (await pipeline.release(RELEASE, { from: action, to: action })).at(-1);
    if (result?.machine && result.machine.status !== 'SUCCEEDED') this.ended.push(result.machine);
    if (this.stops) {
      // Here the first rollback alone is looked at; several at once are among what happens to the pipeline.
      if (this.scenario === 'stopped in wave 2') await Promise.all(this.beside);
      this.action = '';
      await this.stops();
      await this.react(machineEvents(this.net, action, result?.machine));
      this.over = true;
      return false;
    }
    if (result?.waits !== undefined) return false;
    if (!result?.failed) return true;
    if (this.scenario === 'canary left alone') return false;
    if (isGate(action)) return this.waitAtGate(action);
    this.action = '';
    const events = [
      ...machineEvents(this.net, action, result.machine),
      stageIs(RELEASE, stageOf(action), 'FAILED'),
      pipelineIs(RELEASE, 'FAILED'),
    ];
    await this.react(this.hooks.retries ? events.slice(0, 1) : events);
    if (result.machine || again || !this.hooks.retries) return false;
    this.retried.push(action);
    await this.pipeline.clock.sleep(TRIED_AGAIN_AFTER_MINUTES * 60);
    this.action = action;
    return this.runAction(action, true);
  }

  /** What people have written before the release comes to a gate. */
  private arrangeGate(): void {
    const { clock } = this.pipeline;
    const inMinutes = (minutes: number): string => new Date(clock.now() + minutes * 60_000).toISOString();
    const write = (name: string, value: object): void =>
      this.pipeline.world.ssm.put(PIPELINE, name, JSON.stringify(value), LEAD);
    if (this.scenario === 'frozen') {
      write(FREEZE, { reason: 'outage', by: 'Ada', until: inMinutes(FROZEN_MINUTES) });
    }
    if (this.scenario === 'glass broken') {
      write(FREEZE, { reason: 'outage', by: 'Ada' });
      const glass = { schema: 1, incident: 'INC-1', reason: 'down', by: 'Jo', executionId: RELEASE };
      write(BREAK_GLASS, { ...glass, until: inMinutes(180), trafficCycleMinutes: 1 });
    }
  }

  /** The clock strikes, and the gate retries what it has blocked. Who has broken the glass does so again when it did not help. */
  private async waitAtGate(action: string): Promise<boolean> {
    const { pipeline } = this;
    this.blocked.add(action);
    await this.react([stageIs(RELEASE, stageOf(action), 'FAILED'), pipelineIs(RELEASE, 'FAILED')]);
    while (!pipeline.listRetried().includes(RELEASE)) {
      if (this.looks++ >= LOOKS) return false;
      await pipeline.clock.sleep(LOOKS_EVERY_MINUTES * 60);
      if (this.looks % 3 === 0 && this.scenario === 'glass broken') this.arrangeGate();
      await pipeline.recheckBlocked();
    }
    return this.runAction(action);
  }

  /** Lets the safety net react, some moments later: to all of these events at once. */
  private async react(events: readonly Event[]): Promise<void> {
    await this.pipeline.clock.sleep(DELIVERED_AFTER_SECONDS);
    const inputs = events.flatMap((event) => this.net.inputsOf(event));
    await Promise.all(inputs.map((input) => this.rollback(input)));
  }

  private async rollback(input: Parameters<LocalPipeline['rollback']>[0]): Promise<void> {
    const result = await this.pipeline.rollback(input);
    this.ended.push(result);
    if (result.status !== 'SUCCEEDED') {
      await this.react([this.net.machineEnded(RELEASE, 'rollback', result.status, input)]);
    }
  }

  private onState(
    state: string,
    moment: 'before' | 'after',
    execution: string,
  ): ReturnType<NonNullable<Hooks['onState']>> | Promise<undefined> {
    const isOurs = execution === `${RELEASE}-${this.action}`;
    if (state === 'Watch' && moment === 'before' && isOurs && !this.middles.has(this.action)) {
      this.middles.add(this.action);
      this.middleOf(this.action);
    }
    const isCanaryLeft = this.scenario === 'canary left alone' && this.action === 'canary';
    this.alone ||= isCanaryLeft && isOurs && state === 'WaitForNextMinute' && moment === 'after';
    if (this.alone) return 'kill';
    const answer = this.hooks.onState?.(state, moment, execution, this.action);
    if (answer) return answer;
    return state === 'WaitToRollback' && moment === 'before' ? this.lapse(execution) : undefined;
  }

  /** Skips what is alike in a rollback that waits: its patience is hours, its rounds are seconds. */
  private async lapse(execution: string): Promise<undefined> {
    const rounds = (this.rounds.get(execution) ?? 0) + 1;
    this.rounds.set(execution, rounds);
    if (rounds > ROUNDS_OF_ROLLBACK) await this.pipeline.clock.sleep(1_800);
    return undefined;
  }

  /** Arms what is to happen in the middle of a rollout. */
  private middleOf(action: string): void {
    const { clock, fleet } = this.pipeline;
    const inTheMiddle = (what: () => void): void => {
      clock.inMinutes(MIDDLE_MINUTES, what);
    };
    const bad = () => fleet.alarm(REGIONS[1], ALARMS[action], 'ALARM', 'errors 9 % > 5 %');
    if (this.scenario === 'canary turns bad' && action === 'canary') inTheMiddle(bad);
    if (this.scenario === 'wave 2 turns bad' && action === 'Wave2') inTheMiddle(bad);
    if (this.scenario === 'stopped in wave 2' && action === 'Wave2') {
      inTheMiddle(() => this.atOnce(this.becomes('stopped, waits', action, true)));
    }
    const { event, at } = this.hooks.pipelineEvent ?? {};
    if (event && at?.moment === 'middle' && at.action === action) {
      inTheMiddle(() => this.atOnce(this.becomes(event, action, true)));
    }
  }

  private async happens(point: Point): Promise<void> {
    const { event, at } = this.hooks.pipelineEvent ?? {};
    if (!event || at?.action !== point.action || at.moment !== point.moment) return;
    await this.becomes(event, point.action, false);
    await this.stops?.();
    this.over = true;
  }

  /** Something happens to the execution of the pipeline: at once, and, in `stops`, when the running action has ended. */
  private async becomes(event: PipelineEvent, action: string, inside: boolean): Promise<void> {
    const { pipeline } = this;
    const stage = stageOf(action);
    const stopped = async (): Promise<void> => {
      await pipeline.becomes(RELEASE, 'Stopped');
      await this.react([pipelineIs(RELEASE, 'STOPPED'), ...(inside ? [stageIs(RELEASE, stage, 'STOPPED')] : [])]);
    };
    switch (event) {
      case 'stopped, waits':
        pipeline.setStatus(RELEASE, 'Stopping');
        this.stops = stopped;
        return this.react([pipelineIs(RELEASE, 'STOPPING')]);
      case 'stopped, abandons':
        pipeline.setStatus(RELEASE, 'Stopping');
        this.stops = async () => undefined;
        await Promise.all([this.react([pipelineIs(RELEASE, 'STOPPING')]), stopped()]);
        return;
      case 'superseded':
        this.stops = async () => undefined;
        await pipeline.becomes(RELEASE, 'Superseded');
        return this.react([pipelineIs(RELEASE, 'SUPERSEDED')]);
      case 'updated, transitions enabled':
      case 'updated':
        // Active executions are cancelled after their current action. What becomes of disabled transitions is not documented.
        if (event === 'updated, transitions enabled') this.enableTransitions();
        this.stops = async () => {
          pipeline.setStatus(RELEASE, 'Cancelled');
          await pipeline.deliver(RELEASE, 'CANCELED');
          await this.react([pipelineIs(RELEASE, 'CANCELED'), ...(inside ? [stageIs(RELEASE, stage, 'CANCELED')] : [])]);
        };
    }
  }

  private enableTransitions(): void {
    for (const stage of ['UpdatePipeline', 'Canary']) {
      Object.assign(this.pipeline.transition(stage), { enabled: true, reason: undefined });
    }
  }
}

/** Actions that ask the gate. */
export const isGate = (action: string): boolean => action.startsWith('gate ');

const stageOf = (action: string): string =>
  /staging/.test(action) ? 'Staging' : /^(gate production|Wave|release)/.test(action) ? 'Production' : 'Canary';

const machineEvents = (net: LocalNet, action: string, machine: MachineResult | undefined) =>
  machine && machine.status !== 'SUCCEEDED' ? [net.machineEnded(RELEASE, action, machine.status)] : [];

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

/** Regions of the first and the second wave. */
export const REGIONS = ['ap-southeast-2', 'eu-west-1'] as const;

/** The smallest and shortest plan that has everything: each of its minutes is one round of a machine. */
export const PLAN: RolloutPlan = planByHand({
  staging: 1,
  canary: 2,
  step: 1,
  bakes: [1, 1],
  regions: REGIONS,
  keys: ['http'],
});

/** Made once, because the interpreter validates them the first time. */
let machines: Machines | undefined;

const ALARMS: { readonly [action: string]: string } = {
  canary: 'orders-production-http-canary-errors',
  Wave1: 'orders-production-http-wave-errors',
  Wave2: 'orders-production-http-wave-errors',
};

/** Minutes from the first watch of a rollout to the event in its middle, when traffic is split. */
const MIDDLE_MINUTES = 1.5;

/** Minutes until a person has seen that a stage failed, and retries it. */
const TRIED_AGAIN_AFTER_MINUTES = 15;

/** Minutes between the gate's re-checks of a blocked release, and the maximum number of them. */
const RECHECK_MINUTES = 10;
const MAX_RECHECKS = 12;

/** Minutes of a freeze. The gate also re-checks in between. */
const FROZEN_MINUTES = 15;

/** Seconds from an event to the start that its rule makes. */
const DELIVERED_AFTER_SECONDS = 2;

/** Rounds of one rollback after which all further rounds are alike: it has passed every patience but its last. */
const ROUNDS_OF_ROLLBACK = 4 * (PATIENCE_MINUTES.codeDeploy + 2);

/** Hooks into a run. */
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
  /** True if a failed action that is no rollout is retried once, as a person would; then only one event arrives. */
  readonly retries?: boolean;
}

/** One release of a local pipeline with its safety net, from its first action to where it ends. */
export class ReleaseRun {
  /** The running action. */
  action = '';
  /** Actions that failed once, and succeeded on retry. */
  readonly retried: string[] = [];
  /** Ends of the machine's executions that the safety net started, or that failed. */
  readonly ended: MachineResult[] = [];

  /** Actions at which a gate has blocked the release. */
  readonly blocked = new Set<string>();

  private rechecks = 0;
  private readonly middles = new Set<string>();
  private readonly beside: Promise<unknown>[] = [];
  private readonly rounds = new Map<string, number>();
  /** Ends an execution that was stopped or cancelled: no further action begins. */
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
    // Deployments still in flight end at the latest at the end of a canary's longest interval.
    await this.pipeline.clock.advance(this.alone ? 51 * 60 : 10);
  }

  /** Starts work beside the release; the run ends only after it. */
  atOnce(work: Promise<unknown>): void {
    this.beside.push(work);
  }

  /** Runs one action. Returns true if the next one may begin. */
  private async runAction(action: string, again = false): Promise<boolean> {
    const { pipeline } = this;
    const result = (await pipeline.release(RELEASE, { from: action, to: action })).at(-1);
    if (result?.machine && result.machine.status !== 'SUCCEEDED') this.ended.push(result.machine);
    if (this.stops) {
      // This scenario covers one rollback alone; the pipeline's events cover several at once.
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

  /** Writes people's parameters before the release enters a gate. */
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

  /** Re-checks on schedule until the gate retries the release. A person breaks the glass again if it did not help. */
  private async waitAtGate(action: string): Promise<boolean> {
    const { pipeline } = this;
    this.blocked.add(action);
    await this.react([stageIs(RELEASE, stageOf(action), 'FAILED'), pipelineIs(RELEASE, 'FAILED')]);
    while (!pipeline.listRetried().includes(RELEASE)) {
      if (this.rechecks++ >= MAX_RECHECKS) return false;
      await pipeline.clock.sleep(RECHECK_MINUTES * 60);
      if (this.rechecks % 3 === 0 && this.scenario === 'glass broken') this.arrangeGate();
      await pipeline.recheckBlocked();
    }
    return this.runAction(action);
  }

  /** Sends all of these events to the safety net at once, some moments later. */
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

  /** Skips identical rounds of a waiting rollback: its patience is hours, its rounds are seconds. */
  private async lapse(execution: string): Promise<undefined> {
    const rounds = (this.rounds.get(execution) ?? 0) + 1;
    this.rounds.set(execution, rounds);
    if (rounds > ROUNDS_OF_ROLLBACK) await this.pipeline.clock.sleep(1_800);
    return undefined;
  }

  /** Arms the event in the middle of a rollout. */
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

  /** Changes the execution of the pipeline: at once, and, with `stops`, when the running action has ended. */
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
        // Active executions are cancelled after their current action. AWS does not document the effect on disabled
        // transitions.
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

/** Returns true for actions that run the gate. */
export const isGate = (action: string): boolean => action.startsWith('gate ');

const stageOf = (action: string): string =>
  /staging/.test(action) ? 'Staging' : /^(gate production|Wave|complete)/.test(action) ? 'Production' : 'Canary';

const machineEvents = (net: LocalNet, action: string, machine: MachineResult | undefined) =>
  machine && machine.status !== 'SUCCEEDED' ? [net.machineEnded(RELEASE, action, machine.status)] : [];

import { AsyncLocalStorage } from 'node:async_hooks';
import fc, { type Arbitrary, type Scheduler } from 'fast-check';
import { isRetryOrder } from '../../lib/gate/request';
import { alarmName } from '../../lib/plan/names';
import { FREEZE } from '../e2e/local-gate';
import { LocalPipeline, machinesOf } from '../e2e/local-pipeline';
import type { LocalNet } from '../e2e/net';
import { PIPELINE, SERVICE } from '../e2e/plan';
import type { Behaviour } from '../local-aws/behaviour';
import type { VirtualClock } from '../local-aws/clock';
import { Conductor } from './conductor';
import { Executions } from './executions';
import { readOrder } from './orders';
import { FUNCTION, gateOfRaces, planOfRaces, RACED_REGIONS } from './plan';
import { type Move, Referee, type Tally } from './referee';

/** Maximum duration of a call, in seconds: the time that its client waits for it. */
const CALL_SECONDS = 5;

/** Maximum duration of a handler, in seconds; then Lambda ends it. */
const HANDLER_SECONDS = 115;

/** Extra runs of the pipeline's schedule, ten minutes apart, after which no release may wait any more. */
const LAST_SCHEDULES = 10;
const SCHEDULE_SECONDS = 600;

const PLAN = planOfRaces();
const GATE = gateOfRaces(PLAN);
/** Made once, because the interpreter validates them the first time. */
const MACHINES = machinesOf(PLAN);

/** Events beside the first release. Moments are seconds after its start. */
export interface Scenario {
  /** A second commit arrives. */
  readonly second: number;
  /** A person rolls a release back, which holds the pipeline, and ends that hold some seconds later. */
  readonly rollback?: { readonly at: number; readonly of: string; readonly holds: number };
  readonly alarm?: {
    readonly at: number;
    readonly region: string;
    readonly kind: 'canary-errors' | 'wave-errors';
    readonly seconds: number;
  };
  /** The pipeline is updated: by a person at that moment, or by the second release when it gets there. */
  readonly update?: { readonly at: number | 'second'; readonly enables: boolean };
  /** A person stops an execution. */
  readonly stop?: { readonly at: number; readonly of: string };
  /** A person enables the transitions, whoever has disabled them. */
  readonly enable?: number;
  /** A person freezes the pipeline, and ends the freeze some seconds later. */
  readonly freeze?: { readonly at: number; readonly seconds: number };
  /** The pipeline's schedule runs. */
  readonly schedule?: number;
}

const moment = (): Arbitrary<number> => fc.integer({ min: 0, max: 1_000 });
const which = (): Arbitrary<string> => fc.constantFrom('e-1', 'e-2');
const perhaps = <T>(arbitrary: Arbitrary<T>, freq: number): Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

export const scenarios = (): Arbitrary<Scenario> =>
  fc.record({
    second: fc.integer({ min: 0, max: 900 }),
    rollback: perhaps(fc.record({ at: moment(), of: which(), holds: fc.integer({ min: 420, max: 1_200 }) }), 3),
    alarm: perhaps(
      fc.record({
        at: moment(),
        region: fc.constantFrom(...RACED_REGIONS),
        kind: fc.constantFrom('canary-errors', 'wave-errors'),
        seconds: fc.integer({ min: 30, max: 240 }),
      }),
      3,
    ),
    update: perhaps(fc.record({ at: fc.oneof(moment(), fc.constant('second' as const)), enables: fc.boolean() }), 1),
    stop: perhaps(fc.record({ at: moment(), of: which() }), 1),
    enable: perhaps(moment(), 1),
    freeze: perhaps(fc.record({ at: moment(), seconds: fc.integer({ min: 60, max: 900 }) }), 3),
    schedule: perhaps(moment(), 1),
  });

/** Runs one interleaving of a scenario. Rejects at the first violation of a rule. */
export async function race(
  scheduler: Scheduler,
  scenario: Scenario,
  net: LocalNet,
  tally: Tally,
  behaviour: Partial<Behaviour> = {},
): Promise<void> {
  const pipeline = await LocalPipeline.start({
    plan: PLAN,
    machines: MACHINES,
    gate: GATE,
    behaviour,
    loopback: false,
    warm: true,
  });
  const { world, clock } = pipeline;
  const conductor = new Conductor(scheduler, clock, () => world.serving > 0);
  const referee = new Referee(pipeline);
  const { update } = scenario;
  const updates = update && { by: update.at === 'second' ? 'e-2' : undefined, enables: update.enables };
  const executions = new Executions(pipeline, conductor, net, referee, updates);
  let justServed: Move | undefined;
  letTakeTurns(pipeline, conductor, referee, (move) => {
    justServed = move;
  });
  await clock.participate(async () => {
    const at = later(conductor, clock, referee);
    arrange(scenario, pipeline, at, executions);
    const toTheEnd = () =>
      conductor.run(async () => {
        const move = justServed;
        justServed = undefined;
        if (move) await referee.served(move);
        referee.look();
        executions.goOn();
      });
    await toTheEnd();
    const waits = () => executions.waiting.length > 0 || referee.leftAtGates.length > 0;
    // Time goes on, and another re-check follows one whose calls take too long.
    for (let runs = 0; runs < LAST_SCHEDULES && waits(); runs++) {
      at(SCHEDULE_SECONDS, 'the schedule runs at last', () => executions.runSchedule());
      await toTheEnd();
    }
    await referee.end(tally, executions.waiting);
  });
}

/** Schedules an event that comes after so many seconds, or some time later. */
type Later = (seconds: number, what: string, event: () => void) => void;

const later =
  (conductor: Conductor, clock: VirtualClock, referee: Referee): Later =>
  (seconds, what, event) =>
    conductor.job(what, async () => {
      await clock.sleep(seconds);
      await conductor.turn(what, clock.now() + 60_000);
      referee.log(what);
      event();
    });

/** Schedules every event of a scenario. */
function arrange(
  { second, rollback, alarm, update, stop, enable, freeze, schedule }: Scenario,
  pipeline: LocalPipeline,
  at: Later,
  executions: Executions,
): void {
  executions.start('e-1');
  at(second, 'a second commit arrives', () => executions.start('e-2'));
  if (rollback) {
    const order = { rollback: true, executionId: rollback.of, by: 'Ada', because: 'requested by Ada' };
    at(rollback.at, `Ada rolls back ${rollback.of}`, () => executions.order(order, `the order of Ada`));
    at(rollback.at + rollback.holds, 'Ada ends her hold', () => executions.resume());
  }
  if (alarm) {
    const name = alarmName(SERVICE, 'PRODUCTION', FUNCTION, alarm.kind);
    const set = (state: 'OK' | 'ALARM') => () => pipeline.fleet.alarm(alarm.region, name, state, `errors, ${state}`);
    at(alarm.at, `${name} fires in ${alarm.region}`, set('ALARM'));
    at(alarm.at + 60 + alarm.seconds, `${name} recovers`, set('OK'));
  }
  if (typeof update?.at === 'number') at(update.at, 'the pipeline is updated', () => executions.update());
  if (stop) at(stop.at, `Ada stops ${stop.of}`, () => executions.stop(stop.of));
  if (freeze) {
    const value = JSON.stringify({ reason: 'outage', by: 'Ada' });
    at(freeze.at, 'Ada freezes the pipeline', () => pipeline.world.ssm.put(PIPELINE, FREEZE, value));
    at(freeze.at + 60 + freeze.seconds, 'Ada ends the freeze', () => {
      pipeline.world.ssm.delete(PIPELINE, FREEZE);
      executions.recheck('the freeze is over');
    });
  }
  if (schedule !== undefined) at(schedule, 'the schedule runs', () => executions.runSchedule());
  if (enable !== undefined) at(enable, 'Ada enables the transitions', () => executions.enableAll());
}

interface Invocation {
  readonly bundle: string;
  readonly executionId: string;
  /** Length of the story when the handler began. */
  readonly began: number;
  /** Moment at which Lambda ends it: virtual time, in milliseconds. */
  readonly deadline: number;
}

/** One for all races, because Node.js 20 carries each that was ever made along with every promise. */
const invocations = new AsyncLocalStorage<Invocation>();

/** Makes every call of every handler wait for its turn from now on. */
function letTakeTurns(
  pipeline: LocalPipeline,
  conductor: Conductor,
  { story }: Referee,
  served: (move: Move) => void,
): void {
  const { world, clock } = pipeline;
  const handlers = pipeline.handlers as { [bundle: string]: (typeof pipeline.handlers)[string] };
  for (const [bundle, { handler, logs }] of Object.entries(handlers)) {
    handlers[bundle] = {
      logs,
      handler: (event) => {
        const deadline = clock.now() + HANDLER_SECONDS * 1000;
        const invocation = { bundle, executionId: executionOf(event), began: story.length, deadline };
        return invocations.run(invocation, () => handler(event));
      },
    };
  }
  world.faults = async (call) => {
    const invocation = invocations.getStore();
    if (!invocation) return undefined;
    const { executionId, bundle, began, deadline } = invocation;
    const latest = Math.min(clock.now() + CALL_SECONDS * 1000, deadline);
    await conductor.turn(`${executionId} ${bundle}: ${call.operation} ${call.region}`, latest);
    served({ call, executionId, bundle, began });
    return undefined;
  };
}

/**
 * Returns the release for which a handler is called: as a state of the machine, as an action, or because of an event.
 */
function executionOf(event: unknown): string {
  // A re-check finds its release itself.
  if (isRetryOrder(event)) return 'whoever is blocked';
  const { detail, 'CodePipeline.job': job } = event as {
    detail?: { 'execution-id': string };
    'CodePipeline.job'?: { data: { actionConfiguration: { configuration: { UserParameters: string } } } };
  };
  if (job) return JSON.parse(job.data.actionConfiguration.configuration.UserParameters).executionId;
  return detail?.['execution-id'] ?? readOrder(event as object).executionId;
}

import { ExecutionAbortedError, ExecutionError, StateMachine } from 'aws-local-stepfunctions';
import type { AslDefinition } from '../../lib/rollout/machine-definition';
import type { VirtualClock } from '../local-aws/clock';
import { forInterpreter, VIRTUAL_EXECUTION } from '../local-aws/machine-for-interpreter';
import { named, RetriedTask } from '../local-aws/retried-task';

/** History events of one visit of a state in a standard execution: entered, exited, and those between. */
const EVENTS: { readonly [type: string]: number } = { Task: 5, Wait: 2, Choice: 2, Pass: 2, Succeed: 2, Fail: 1 };

/** History events of a task's retry: scheduled, started, and ended. */
const EVENTS_OF_A_RETRY = 3;

/** History events of an execution itself: ExecutionStarted, and its end. */
const EVENTS_OF_AN_EXECUTION = 2;

/** Definitions of the machine of a rollout and of the machine of a leg of its watch. */
export interface Machines {
  readonly parent: AslDefinition;
  readonly leg: AslDefinition;
}

/** Handlers by the name of the state that calls them. */
export type Tasks = { readonly [state: string]: (input: unknown) => Promise<unknown> };

export interface RunOptions {
  readonly machines: Machines;
  readonly tasks: Tasks;
  readonly clock: VirtualClock;
  /** Input of a rollout or of a rollback. */
  readonly input: { readonly rollout?: string; readonly executionId?: string; readonly [field: string]: unknown };
  /** Name of the execution. */
  readonly name?: string;
  /**
   * Called before and after the work of every task and wait, in the parent and in its legs. `kill` ends the execution
   * there, as `StopExecution` would; `after` means that the work was done, but the machine never received the result.
   */
  readonly onState?: (state: string, moment: 'before' | 'after') => Promise<'kill' | undefined> | 'kill' | undefined;
}

/** End of an execution. */
export interface MachineResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** History events of the parent. */
  readonly events: number;
  /** History events of each leg. */
  readonly legs: readonly number[];
  /** Names of the states in the order in which they were entered, including those of the legs. */
  readonly path: readonly string[];
}

/**
 * Runs a rollout's machine as synthesized, in a third party's interpreter and in virtual time. Several runs may share
 * the clock.
 */
export async function runMachine(options: RunOptions): Promise<MachineResult> {
  const legs: number[] = [];
  const path: string[] = [];
  const { name = `${options.input.executionId}-${options.input.rollout ?? 'rollback'}` } = options;
  const runLeg = async (parameters: unknown): Promise<unknown> => {
    const { Input } = parameters as { Input: unknown };
    const leg = await execute(options, options.machines.leg, Input, `${name}-leg-${legs.length + 1}`, path);
    legs.push(leg.events);
    const { status: Status, output: Output } = leg;
    if (Status === 'SUCCEEDED') {
      return { Output, Status, Input };
    }
    // Output of `.sync:2` for an execution that did not succeed.
    throw named('States.TaskFailed', JSON.stringify({ Status, Error: leg.error, Cause: leg.cause }));
  };
  const parent = await options.clock.participate(() =>
    execute(options, options.machines.parent, options.input, name, path, runLeg),
  );
  return { ...parent, legs, path };
}

/** Returns the ARN of an execution of this name. */
export const executionArn = (name: string): string =>
  `arn:aws:states:us-west-2:111111111111:execution:orders-rollout:${name}`;

type Ended = Omit<MachineResult, 'legs' | 'path'>;

async function execute(
  options: RunOptions,
  definition: AslDefinition,
  input: unknown,
  name: string,
  path: string[],
  runLeg?: (parameters: unknown) => Promise<unknown>,
): Promise<Ended> {
  const { clock, tasks, onState } = options;
  const startedAt = clock.now();
  let ended: 'TIMED_OUT' | 'ABORTED' | undefined;
  const end = (status: 'TIMED_OUT' | 'ABORTED'): never => {
    ended = status;
    execution.abort();
    // The error is final: the interpreter ends the state and sees that the execution was aborted.
    throw Object.assign(named('States.Runtime', status), { isRetryable: false, isCatchable: false });
  };
  const visited = async (state: string, work: () => Promise<unknown>): Promise<unknown> => {
    const killed = async (moment: 'before' | 'after'): Promise<boolean> => (await onState?.(state, moment)) === 'kill';
    if (await killed('before')) {
      end('ABORTED');
    }
    const result = await work();
    const limit = definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY;
    if (clock.now() - startedAt > limit * 1000) {
      end('TIMED_OUT');
    }
    if (await killed('after')) {
      end('ABORTED');
    }
    return result;
  };
  const handlerOf = (state: string): ((value: unknown) => Promise<unknown>) => {
    const { Type, Seconds, SecondsPath, Resource } = definition.States[state];
    if (Type === 'Wait') {
      return (value) => visited(state, () => clock.sleep(secondsOf(Seconds ?? valueAt(value, String(SecondsPath)))));
    }
    const run = String(Resource).endsWith(':states:startExecution.sync:2') ? runLeg : tasks[state];
    if (!run) {
      throw new Error(`No handler for the state ${state}, ${Resource}`);
    }
    const task = new RetriedTask(definition.States[state], clock, (value) => visited(state, () => run(value)));
    return task.call;
  };
  const own = Object.keys(definition.States).filter((state) => /^(Task|Wait)$/.test(definition.States[state].Type));
  const machine = new StateMachine(forInterpreter(definition) as never, { validationOptions: validation(definition) });
  const execution = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(own.map((state) => [state, handlerOf(state)])) as never,
      // RetriedTask lets the pauses pass on the virtual clock.
      retryIntervalOverrides: Object.fromEntries(own.map((state) => [state, 0])),
    },
    context: {
      [VIRTUAL_EXECUTION]: {
        Id: executionArn(name),
        Name: name,
        StartTime: new Date(startedAt).toISOString(),
        Input: input,
      },
    } as never,
  });
  const counting = countEvents(execution.eventLogs, definition, path);
  try {
    const output = await execution.result;
    return { status: 'SUCCEEDED', output, events: await counting };
  } catch (failure) {
    if (failure instanceof ExecutionAbortedError && ended) {
      return { status: ended, events: await counting };
    }
    const reason = failure instanceof ExecutionError ? failure.cause : failure;
    const { name: error, message: cause } = reason as Error;
    return { status: 'FAILED', error, cause, events: await counting };
  }
}

/** Value at a path such as `$.outcome.waitSeconds`. */
const valueAt = (state: unknown, path: string): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => (value as { readonly [key: string]: unknown } | undefined)?.[key], state);

/** Checks seconds as Step Functions does: it takes whole numbers from 0 upwards, and fails the execution otherwise. */
function secondsOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw named('States.Runtime', `cannot wait for ${JSON.stringify(value)} seconds`);
  }
  return value;
}

/** Definitions that were validated, as text: every test makes its own, and most are the same. */
const validated = new Set<string>();

/** Validates a definition only the first time that it runs, because validation takes a tenth of a second. */
function validation(definition: AslDefinition): { readonly checkArn: boolean; readonly noValidate: boolean } {
  const text = JSON.stringify(definition);
  const noValidate = validated.has(text);
  validated.add(text);
  return { checkArn: false, noValidate };
}

async function countEvents(
  logs: AsyncIterable<{ readonly type: string }>,
  definition: AslDefinition,
  path: string[],
): Promise<number> {
  let events = EVENTS_OF_AN_EXECUTION;
  for await (const log of logs) {
    if (log.type === 'StateEntered') {
      const { name } = (log as unknown as { state: { name: string } }).state;
      path.push(name);
      events += EVENTS[definition.States[name].Type];
    } else if (log.type === 'StateRetried') {
      events += EVENTS_OF_A_RETRY;
    }
  }
  return events;
}

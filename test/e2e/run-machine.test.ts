import type { AslDefinition } from '../../lib/rollout/machine-definition';
import { type MachineResult, type Machines, type RunOptions, runMachine } from '../helpers/run-machine';
import { VirtualClock } from '../local-aws/clock';

const INPUT = { rollout: 'canary', executionId: 'e-1', commit: 'c0ffee' };
const SYNC = 'arn:aws:states:::states:startExecution.sync:2';

const machine = (States: AslDefinition['States'], rest: Partial<AslDefinition> = {}): AslDefinition => ({
  Comment: '',
  StartAt: Object.keys(States)[0],
  States,
  ...rest,
});

const task = (rest: object): AslDefinition['States'][string] => ({ Type: 'Task', Resource: 'arn', ...rest });

const SUCCEED = { Type: 'Succeed' } as const;

const NO_LEG = machine({ Ended: SUCCEED });

function run(parent: AslDefinition, tasks: RunOptions['tasks'] = {}, rest: Partial<RunOptions> = {}) {
  const machines: Machines = { parent, leg: NO_LEG };
  return runMachine({ machines, tasks, clock: new VirtualClock(), input: INPUT, ...rest });
}

describe('a machine in virtual time', () => {
  test('waits in virtual time alone', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const parent = machine({ Day: { Type: 'Wait', Seconds: 86_400, Next: 'Ended' }, Ended: SUCCEED });
    const result = await run(parent, {}, { clock });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: INPUT, path: ['Day', 'Ended'] });
    expect(clock.now() - start).toBe(86_400_000);
  });

  test('reports the error of a Fail state, and the cause at its path', async () => {
    const parent = machine({
      Ask: task({ ResultPath: '$.outcome', Next: 'Failed' }),
      Failed: { Type: 'Fail', ErrorPath: '$.outcome.error', CausePath: '$.outcome.reason' },
    });
    const result = await run(parent, { Ask: async () => ({ error: 'RolledBack', reason: 'errors 5 % > 1 %' }) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: 'errors 5 % > 1 %' });
  });

  test('pauses between retries in virtual time, as long and as often as the state says', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 3, BackoffRate: 2 }];
    const times: number[] = [];
    const fail = async (): Promise<never> => {
      times.push((clock.now() - start) / 1000);
      throw new TypeError('no');
    };
    const result = await run(
      machine({ Ask: task({ Retry, Next: 'Ended' }), Ended: SUCCEED }),
      { Ask: fail },
      { clock },
    );
    expect(times).toEqual([0, 60, 180, 420]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'TypeError' });
    expect(JSON.parse(result.cause ?? '')).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  });

  test('catches an error that no retrier takes, with name and cause', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.outcome', Next: 'Caught' }];
    const parent = machine({ Ask: task({ Catch, Next: 'Caught' }), Caught: SUCCEED });
    const result = await run(parent, { Ask: () => Promise.reject(new RangeError('no')) });
    expect(result.output).toMatchObject({ ...INPUT, outcome: { Error: 'RangeError' } });
  });

  test('starts its execution in virtual time', async () => {
    const clock = new VirtualClock();
    await clock.advance(90);
    const parent = machine({
      Begin: { Type: 'Pass', InputPath: '$$.Execution.StartTime', ResultPath: '$.startedAt', Next: 'Ended' },
      Ended: SUCCEED,
    });
    const result = await run(parent, {}, { clock });
    expect(result.output).toEqual({ ...INPUT, startedAt: '2026-03-02T10:30:00.000Z' });
  });

  test('counts history events as Step Functions does', async () => {
    const parent = machine({
      Ask: task({ ResultPath: '$.n', Next: 'Enough' }),
      Enough: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 3, Next: 'Ended' }], Default: 'Wait' },
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Ask' },
      Ended: SUCCEED,
    });
    let calls = 0;
    const result = await run(parent, { Ask: async () => ++calls });
    expect(result.events).toBe(3 * (5 + 2) + 2 * 2 + 2 + 2);
  });
});

describe('a leg', () => {
  const PARENT = machine({
    Leg: task({
      Resource: SYNC,
      Parameters: { StateMachineArn: 'arn', 'Input.$': '$' },
      OutputPath: '$.Output',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.outcome', Next: 'Ended' }],
      Next: 'Ended',
    }),
    Ended: SUCCEED,
  });
  const LEG = machine(
    {
      Watch: task({ ResultPath: '$.outcome', Next: 'Pause' }),
      Pause: { Type: 'Wait', Seconds: 600, Next: 'Ended' },
      Ended: SUCCEED,
    },
    { TimeoutSeconds: 900 },
  );
  const runLeg = (leg: AslDefinition, Watch: () => Promise<unknown>): Promise<MachineResult> =>
    run(PARENT, { Watch }, { machines: { parent: PARENT, leg } });

  test('passes its end state to its parent', async () => {
    const result = await runLeg(LEG, async () => ({ next: 'SETTLE' }));
    expect(result.output).toEqual({ ...INPUT, outcome: { next: 'SETTLE' } });
    expect(result.path).toEqual(['Leg', 'Watch', 'Pause', 'Ended', 'Ended']);
    expect(result.legs).toEqual([5 + 2 + 2 + 2]);
  });

  test('that fails makes its parent’s state fail, with its own error in the cause', async () => {
    const result = await runLeg(LEG, () => Promise.reject(new RangeError('no')));
    const { outcome } = result.output as { outcome: { Error: string; Cause: string } };
    expect(outcome.Error).toBe('States.TaskFailed');
    expect(JSON.parse(outcome.Cause)).toMatchObject({ Status: 'FAILED', Error: 'RangeError' });
  });

  test('times out in virtual time', async () => {
    const result = await runLeg({ ...LEG, TimeoutSeconds: 599 }, async () => ({}));
    const { outcome } = result.output as { outcome: { Error: string; Cause: string } };
    expect(JSON.parse(outcome.Cause)).toMatchObject({ Status: 'TIMED_OUT' });
  });
});

describe('a machine that is stopped', () => {
  const Retry = [{ ErrorEquals: ['States.ALL'] }];
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Ended' }];
  const PARENT = machine({ Ask: task({ Retry, Catch, Next: 'Ended' }), Ended: SUCCEED });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('%s a task’s work goes no further', async (moment, calls) => {
    const ask = jest.fn(async () => ({}));
    const onState: RunOptions['onState'] = (_state, at) => (at === moment ? 'kill' : undefined);
    const result = await run(PARENT, { Ask: ask }, { onState });
    expect(result).toMatchObject({ status: 'ABORTED', path: ['Ask'] });
    expect(ask).toHaveBeenCalledTimes(calls);
  });
});

test('two machines share one time line', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const looping = (name: string, seconds: number): Promise<MachineResult> => {
    const parent = machine({
      Wait: { Type: 'Wait', Seconds: seconds, Next: 'Ask' },
      Ask: task({ Next: 'Again', ResultPath: '$.n' }),
      Again: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 2, Next: 'Ended' }], Default: 'Wait' },
      Ended: SUCCEED,
    });
    let calls = 0;
    const Ask = async (): Promise<number> => {
      seen.push(`${name} ${clock.iso().slice(11, 16)}`);
      return ++calls;
    };
    return run(parent, { Ask }, { clock });
  };
  clock.inMinutes(25, () => {
    seen.push('alarm 09:25');
  });
  await Promise.all([looping('a', 600), looping('b', 900)]);
  expect(seen).toEqual(['a 09:10', 'b 09:15', 'a 09:20', 'alarm 09:25', 'b 09:30']);
});

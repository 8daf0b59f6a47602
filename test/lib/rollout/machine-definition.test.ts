import { StateMachine } from 'aws-local-stepfunctions';
import {
  type AslDefinition,
  type AslState,
  type RolloutMachineInput,
  rolloutMachineDefinition,
} from '../../../lib/rollout/machine-definition';
import type { Next } from '../../../lib/rollout/state';
import { examplePlan } from './example';

const arn = (name: string): string => `arn:aws:lambda:us-west-2:111111111111:function:${name}`;
const INPUT: RolloutMachineInput = {
  plan: examplePlan(),
  handlers: { collect: arn('c'), start: arn('s'), watch: arn('w'), settle: arn('t'), rollback: arn('r') },
  machineArn: 'arn:aws:states:us-west-2:111111111111:stateMachine:orders-rollout',
  topicArn: 'arn:aws:sns:us-west-2:111111111111:orders-releases',
  legMachineArn: 'arn:aws:states:us-west-2:111111111111:stateMachine:orders-rollout-leg',
  partition: 'aws',
};
const { parent, leg } = rolloutMachineDefinition(INPUT);

interface Rule {
  readonly StringEquals?: Next;
  readonly Next: string;
}

const choices = (state: AslState): readonly Rule[] => (state.Choices as readonly Rule[] | undefined) ?? [];
const catches = (state: AslState): readonly Rule[] => (state.Catch as readonly Rule[] | undefined) ?? [];

/** Lists the states to which a state can lead. */
const nexts = (state: AslState): readonly string[] =>
  [...choices(state), ...catches(state)]
    .map(({ Next }) => Next)
    .concat([state.Next, state.Default].filter((name): name is string => typeof name === 'string'));

function reachable({ StartAt, States }: AslDefinition): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name) || !States[name]) return;
    found.add(name);
    nexts(States[name]).forEach(visit);
  };
  visit(StartAt);
  return found;
}

describe.each([
  ['the parent', parent],
  ['a leg', leg],
])('%s', (_name, definition) => {
  const states = Object.entries(definition.States);

  test('is valid in the Amazon States Language', () => {
    expect(() => new StateMachine(JSON.parse(JSON.stringify(definition)))).not.toThrow();
  });

  test('every state can be reached, and every state that is named exists', () => {
    expect([...reachable(definition)].sort()).toEqual(Object.keys(definition.States).sort());
    for (const [, state] of states) {
      for (const next of nexts(state)) expect(Object.keys(definition.States)).toContain(next);
    }
  });

  test('only what succeeds or fails ends it', () => {
    for (const [, state] of states) {
      expect(nexts(state).length === 0).toBe(state.Type === 'Succeed' || state.Type === 'Fail');
    }
  });

  test('every choice has a default that fails safe: none goes on with the release', () => {
    for (const [name, state] of states.filter(([, { Type }]) => Type === 'Choice')) {
      expect([name, state.Default]).toEqual([
        name,
        expect.stringMatching(/^(Rollback|Refused|Failed|Ended|Outcome|Ending)$/),
      ]);
    }
  });

  test('every task keeps the state and replaces the outcome alone, and cannot hang', () => {
    for (const [, state] of states.filter(
      ([name, { Type }]) => Type === 'Task' && !['Leg', 'StopRollout', 'Tell'].includes(name),
    )) {
      expect(state).toMatchObject({ ResultPath: '$.outcome', TimeoutSeconds: expect.any(Number) });
      expect(state).not.toHaveProperty('Parameters');
      // Where nothing comes after it, the rollback's last answer stays.
      const ResultPath = state.Next === 'RolledBack' ? '$.caught' : '$.outcome';
      for (const each of catches(state)) expect(each).toMatchObject({ ResultPath });
    }
  });
});

describe('the parent', () => {
  test('carries the plan', () => {
    expect(parent.States.Plan).toMatchObject({ Type: 'Pass', Result: INPUT.plan, ResultPath: '$.plan' });
  });

  const routes = (name: string) =>
    Object.fromEntries(choices(parent.States[name]).map(({ StringEquals, Next }) => [StringEquals, Next]));

  test('goes where a handler says', () => {
    expect(routes('Collected')).toEqual({ DONE: 'Start', WATCH: 'Leg', ROLLBACK: 'Rollback' });
    expect(routes('Started')).toEqual({
      WAIT: 'WaitToStart',
      WATCH: 'Leg',
      DONE: 'Outcome',
      REFUSED: 'Outcome',
      ROLLBACK: 'Rollback',
    });
    expect(routes('LegEnded')).toEqual({ NEW_LEG: 'Leg', START: 'Start', SETTLE: 'Settle', ROLLBACK: 'Rollback' });
    expect(routes('Settled')).toEqual({
      WAIT: 'WaitToSettle',
      START: 'Start',
      DONE: 'Outcome',
      ROLLBACK: 'Rollback',
    });
    expect(routes('RolledBack')).toEqual({ WAIT: 'WaitToRollback', STOP: 'StopRollout' });
    expect(routes('Ending')).toMatchObject({ DONE: 'Succeeded', NOTHING: 'NothingToDo' });
  });

  test('notifies the team before any end, and only if there is a message', () => {
    const ends = Object.entries(parent.States).filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail');
    const leadingTo = (name: string) =>
      Object.entries(parent.States).flatMap(([state, definition]) => (nexts(definition).includes(name) ? state : []));
    for (const [name] of ends) expect([name, leadingTo(name)]).toEqual([name, ['Ending']]);
    expect(leadingTo('Ending')).toEqual(['Outcome', 'Tell']);
    expect(parent.States.Outcome).toEqual({
      Type: 'Choice',
      Choices: [{ Variable: '$.outcome.message', IsPresent: true, Next: 'Tell' }],
      Default: 'Ending',
    });
  });

  test('a message that cannot be sent changes nothing', () => {
    expect(parent.States.Tell).toMatchObject({
      Resource: 'arn:aws:states:::sns:publish',
      Parameters: { TopicArn: INPUT.topicArn, MessageStructure: 'json' },
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Ending' }],
      Next: 'Ending',
    });
    const errors = choices(parent.States.Ending)[0];
    expect(errors).toEqual({ Variable: '$.outcome.error', IsPresent: true, Next: 'Failed' });
  });

  test.each([
    [
      'CollectFailed',
      'CollectFailed',
      'orders: blocked',
      'If a wave had begun before, the release is rolled back instead',
    ],
    ['RollbackFailed', 'RollbackIncomplete', 'orders: rollback incomplete', 'It is therefore unknown what '],
  ])('%s, where no handler could run, has a message of its own', (state, error, subject, words) => {
    const { Result, ResultPath, Next: next } = parent.States[state];
    expect({ ResultPath, next }).toEqual({ ResultPath: '$.outcome', next: 'Outcome' });
    expect(Result).toMatchObject({ next: 'REFUSED', error, reason: expect.any(String), message: { subject } });
    const { default: text } = JSON.parse((Result as { message: { body: string } }).message.body);
    expect(text).toContain(words);
    expect(text).toContain(
      `https://us-west-2.console.aws.amazon.com/states/home?region=us-west-2#/statemachines/view/${INPUT.machineArn}`,
    );
  });

  test('rolls back after any error once traffic may have moved, and not before', () => {
    const caught = Object.entries(parent.States).flatMap(([name, state]) =>
      catches(state).map(({ Next }) => [name, Next]),
    );
    expect(Object.fromEntries(caught)).toEqual({
      Collect: 'CollectFailed',
      Start: 'Rollback',
      Leg: 'Rollback',
      Settle: 'Rollback',
      Rollback: 'RollbackFailed',
      StopRollout: 'Rollback',
      Tell: 'Ending',
    });
  });

  test('rolls back for any input without a rollout', () => {
    expect(parent.States.Plan.Next).toBe('HasOrder');
    expect(parent.States.HasOrder).toEqual({
      Type: 'Choice',
      Choices: [{ Variable: '$.rollout', IsPresent: true, Next: 'Begin' }],
      Default: 'Rollback',
    });
    expect(parent.States.Begin).toEqual({
      Type: 'Pass',
      InputPath: '$$.Execution.Id',
      ResultPath: '$.machine',
      Next: 'Collect',
    });
  });

  test('stops the execution that the handler names, with the reason, and keeps the answer', () => {
    expect(parent.States.StopRollout).toMatchObject({
      Resource: 'arn:aws:states:::aws-sdk:sfn:stopExecution',
      Parameters: { 'ExecutionArn.$': '$.outcome.machine', 'Cause.$': '$.outcome.reason' },
      ResultPath: '$.stopped',
      Next: 'Rollback',
    });
  });

  test('a rollback that finds nothing to do succeeds, with the reason', () => {
    expect(parent.States.NothingToDo).toEqual({ Type: 'Succeed', OutputPath: '$.outcome' });
  });

  test('takes only the outcome from a leg: the rest of the answer repeats the input', () => {
    expect(leg.States.Ended).toMatchObject({ OutputPath: '$.outcome' });
    expect(parent.States.Leg).toMatchObject({
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: INPUT.legMachineArn, 'Input.$': '$' },
      ResultSelector: { 'outcome.$': '$.Output' },
      ResultPath: '$.leg',
    });
    expect(parent.States.LegOutcome).toMatchObject({ InputPath: '$.leg.outcome', ResultPath: '$.outcome' });
  });

  test('refuses a plan that its state could not carry', () => {
    const alarms = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [`function${i}`, ['an-alarm-of-some-length']]),
    );
    const canary = { ...INPUT.plan.rollouts.canary, environments: { 'us-east-1': { deploymentConfig: 'c', alarms } } };
    const plan = { ...INPUT.plan, rollouts: { ...INPUT.plan.rollouts, canary } };
    expect(() => rolloutMachineDefinition({ ...INPUT, plan })).toThrow('The rollout plan of');
  });

  test('is made for the partition it runs in', () => {
    const china = rolloutMachineDefinition({ ...INPUT, partition: 'aws-cn' });
    expect(china.parent.States.Leg.Resource).toBe('arn:aws-cn:states:::states:startExecution.sync:2');
  });

  test('fails with the reason of the handler', () => {
    expect(parent.States.Refused).toMatchObject({ Error: 'Refused', CausePath: '$.outcome.reason' });
    expect(parent.States.Failed).toMatchObject({ ErrorPath: '$.outcome.error', CausePath: '$.outcome.reason' });
  });
});

describe('a task survives errors of any kind', () => {
  test.each([
    ['Rollback', parent.States.Rollback, 240],
    ['Collect', parent.States.Collect, 15],
    ['Start', parent.States.Start, 15],
    ['Settle', parent.States.Settle, 15],
    ['Watch', leg.States.Watch, 15],
    ['Tell', parent.States.Tell, 15],
  ])('by %s for its patience', (_name, state, minutes) => {
    // One retrier: an exhausted one is not followed by the next that matches.
    expect(state.Retry).toEqual([
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: minutes, BackoffRate: 1 },
    ]);
  });
});

test('two definitions of the same plan are the same text', () => {
  expect(JSON.stringify(rolloutMachineDefinition(INPUT))).toBe(JSON.stringify({ parent, leg }));
});

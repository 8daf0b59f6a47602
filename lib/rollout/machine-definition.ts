import { assertPlanFits } from '../plan/payload';
import type { RolloutPlan } from '../plan/rollout-plan';
import { PATIENCE_MINUTES } from '../plan/timing';
import { fixedMessages } from './fixed-messages';
import { assertHistoryFits, LEG_TIMEOUT_SECONDS, POLL_SECONDS } from './history';
import type { Next, Outcome } from './state';

/** ARNs of the rollout handlers. */
export interface HandlerArns {
  readonly collect: string;
  readonly start: string;
  readonly watch: string;
  readonly settle: string;
  readonly rollback: string;
}

export interface RolloutMachineInput {
  readonly plan: RolloutPlan;
  readonly handlers: HandlerArns;
  /** ARN of the machine itself. */
  readonly machineArn: string;
  /** ARN of the machine that runs one leg of the watch. */
  readonly legMachineArn: string;
  /** ARN of the topic on which the team is notified. */
  readonly topicArn: string;
  /** `aws`, `aws-cn`, …: the partition of the pipeline. */
  readonly partition: string;
}

/** State of the Amazon States Language, as far as we use it. */
export interface AslState {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly [field: string]: unknown;
}

/** Definition in the Amazon States Language. */
export interface AslDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: { readonly [name: string]: AslState };
}

/** Machine that runs a rollout, and machine of one leg of its watch. */
export interface RolloutMachineDefinition {
  readonly parent: AslDefinition;
  readonly leg: AslDefinition;
}

/** Seconds beyond the timeout of any handler: reached only when Lambda itself does not answer. */
const TASK_TIMEOUT_SECONDS = 300;

/**
 * Retries a handler for so many minutes. Every handler may run twice, and none must end because Lambda or a region is
 * away for some minutes. One retrier each: when the first that matches is exhausted, Step Functions tries no other.
 */
const retriedFor = (minutes: number) => [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: POLL_SECONDS, MaxAttempts: minutes, BackoffRate: 1 },
];
const PATIENT = retriedFor(PATIENCE_MINUTES.silence);

const NEXT = '$.outcome.next';
const REASON = '$.outcome.reason';

/**
 * Defines the two machines of a pipeline's rollouts. Input of the parent: `{rollout, executionId, commit}`; or, to
 * return a release, `{rollback: true, executionId, because}` (see lib/rollback/parse-task.ts).
 *
 * A leg is an execution of its own, because a standard execution ends at 25,000 history events (see history.ts).
 */
export function rolloutMachineDefinition(input: RolloutMachineInput): RolloutMachineDefinition {
  assertPlanFits(input.plan);
  assertHistoryFits();
  return { parent: parentDefinition(input), leg: legDefinition(input) };
}

function parentDefinition(input: RolloutMachineInput): AslDefinition {
  const { plan, handlers, legMachineArn, topicArn, partition } = input;
  const { collectFailed, rollbackFailed } = fixedMessages(plan, input.machineArn);
  return {
    Comment: `Rollouts of ${plan.service}: moves traffic to the candidate under watch, or returns it to stable`,
    StartAt: 'Plan',
    States: {
      Plan: { Type: 'Pass', Result: plan, ResultPath: '$.plan', Next: 'HasOrder' },
      // An input without a rollout can at most roll back.
      HasOrder: {
        Type: 'Choice',
        Choices: [{ Variable: '$.rollout', IsPresent: true, Next: 'Begin' }],
        Default: 'Rollback',
      },
      Begin: { Type: 'Pass', InputPath: '$$.Execution.Id', ResultPath: '$.machine', Next: 'Collect' },
      Collect: {
        ...task(handlers.collect, 'Collected'),
        Retry: PATIENT,
        // This rollout has shifted nothing. The safety net returns the regions that earlier waves have shifted.
        Catch: caught('CollectFailed'),
      },
      // A wave may have to wait for its window. The watch covers the regions that earlier waves have shifted.
      Collected: choice({ DONE: 'Start', WATCH: 'Leg', ROLLBACK: 'Rollback' }, 'Outcome'),
      Start: { ...task(handlers.start, 'Started'), Retry: PATIENT, Catch: caught('Rollback') },
      Started: choice(
        { WAIT: 'WaitToStart', WATCH: 'Leg', DONE: 'Outcome', REFUSED: 'Outcome', ROLLBACK: 'Rollback' },
        'Rollback',
      ),
      WaitToStart: wait(30, 'Start'),
      Leg: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
        Parameters: { StateMachineArn: legMachineArn, 'Input.$': '$' },
        // A leg only reads: a second one beside it does no harm.
        Retry: [
          {
            ErrorEquals: [
              'StepFunctions.AWSStepFunctionsException',
              'StepFunctions.ExecutionLimitExceededException',
              'StepFunctions.SdkClientException',
            ],
            IntervalSeconds: 10,
            MaxAttempts: 6,
            BackoffRate: 2,
          },
        ],
        Catch: caught('Rollback'),
        // The answer repeats the leg's input, and with it the plan: only the outcome goes on.
        ResultSelector: { 'outcome.$': '$.Output' },
        ResultPath: '$.leg',
        Next: 'LegOutcome',
      },
      LegOutcome: { Type: 'Pass', InputPath: '$.leg.outcome', ResultPath: '$.outcome', Next: 'LegEnded' },
      LegEnded: choice({ NEW_LEG: 'Leg', START: 'Start', SETTLE: 'Settle', ROLLBACK: 'Rollback' }, 'Rollback'),
      Settle: { ...task(handlers.settle, 'Settled'), Retry: PATIENT, Catch: caught('Rollback') },
      Settled: choice({ WAIT: 'WaitToSettle', START: 'Start', DONE: 'Outcome', ROLLBACK: 'Rollback' }, 'Rollback'),
      WaitToSettle: wait(15, 'Settle'),
      Rollback: {
        ...task(handlers.rollback, 'RolledBack'),
        Retry: retriedFor(PATIENCE_MINUTES.rollback),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: 'RollbackFailed' }],
      },
      RolledBack: choice({ WAIT: 'WaitToRollback', STOP: 'StopRollout' }, 'Outcome'),
      StopRollout: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::aws-sdk:sfn:stopExecution`,
        Parameters: { 'ExecutionArn.$': '$.outcome.machine', Error: 'RolledBack', 'Cause.$': REASON },
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        ResultPath: '$.stopped',
        // An execution that cannot be stopped finds in the ledger that its release is being rolled back, and ends by
        // itself.
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.stopped', Next: 'Rollback' }],
        Next: 'Rollback',
      },
      WaitToRollback: { Type: 'Wait', SecondsPath: '$.outcome.waitSeconds', Next: 'Rollback' },
      // No handler could run, so none could give a reason.
      CollectFailed: outcome({ next: 'REFUSED', error: 'CollectFailed', ...collectFailed }, 'Outcome'),
      RollbackFailed: outcome({ next: 'REFUSED', error: 'RollbackIncomplete', ...rollbackFailed }, 'Outcome'),
      // The team is notified before the machine ends. A failed notice does not change how the machine ends.
      Outcome: {
        Type: 'Choice',
        Choices: [{ Variable: '$.outcome.message', IsPresent: true, Next: 'Tell' }],
        Default: 'Ending',
      },
      Tell: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::sns:publish`,
        Parameters: {
          TopicArn: topicArn,
          'Subject.$': '$.outcome.message.subject',
          'Message.$': '$.outcome.message.body',
          MessageStructure: 'json',
        },
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: retriedFor(PATIENCE_MINUTES.notice),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Ending' }],
        Next: 'Ending',
      },
      Ending: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.outcome.error', IsPresent: true, Next: 'Failed' },
          { Variable: NEXT, StringEquals: 'DONE', Next: 'Succeeded' },
          { Variable: NEXT, StringEquals: 'NOTHING', Next: 'NothingToDo' },
        ],
        Default: 'Refused',
      },
      Succeeded: { Type: 'Succeed' },
      NothingToDo: { Type: 'Succeed', OutputPath: '$.outcome' },
      Refused: { Type: 'Fail', Error: 'Refused', CausePath: REASON },
      Failed: { Type: 'Fail', ErrorPath: '$.outcome.error', CausePath: REASON },
    },
  };
}

function legDefinition({ plan, handlers }: RolloutMachineInput): AslDefinition {
  return {
    Comment: `One leg of the watch over a rollout of ${plan.service}`,
    StartAt: 'Begin',
    TimeoutSeconds: LEG_TIMEOUT_SECONDS,
    States: {
      Begin: { Type: 'Pass', InputPath: '$$.Execution.StartTime', ResultPath: '$.legStartedAt', Next: 'Watch' },
      Watch: { ...task(handlers.watch, 'Watched'), Retry: PATIENT },
      Watched: choice({ WATCH: 'WaitForNextMinute' }, 'Ended'),
      WaitForNextMinute: wait(POLL_SECONDS, 'Watch'),
      Ended: { Type: 'Succeed', OutputPath: '$.outcome' },
    },
  };
}

const task = (arn: string, next: string): AslState => ({
  Type: 'Task',
  Resource: arn,
  TimeoutSeconds: TASK_TIMEOUT_SECONDS,
  ResultPath: '$.outcome',
  Next: next,
});

const outcome = (result: Outcome, next: string): AslState => ({
  Type: 'Pass',
  Result: result,
  ResultPath: '$.outcome',
  Next: next,
});

const caught = (next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath: '$.outcome', Next: next }];

const wait = (seconds: number, next: string): AslState => ({ Type: 'Wait', Seconds: seconds, Next: next });

const choice = (to: { readonly [next in Next]?: string }, otherwise: string): AslState => ({
  Type: 'Choice',
  Choices: Object.entries(to).map(([next, state]) => ({ Variable: NEXT, StringEquals: next, Next: state })),
  Default: otherwise,
});

import { count, flag, moment, oneOf, optional, record, recordOf, ShapeError, schema, text } from '../core/shape';
import { WORKLOAD_KINDS } from '../plan/kinds';
import { parsePlan } from '../plan/parse-plan';
import type { Rollout } from '../plan/rollout-plan';
import { type CaughtError, type Next, type Outcome, type RolloutState, STATE_SCHEMA } from './state';

const stateSchema = schema(
  STATE_SCHEMA,
  'the handler that answered it is of another version; stop this execution and retry the stage',
);

const NEXT: readonly Next[] = [
  'WAIT',
  'WATCH',
  'START',
  'NEW_LEG',
  'SETTLE',
  'DONE',
  'ROLLBACK',
  'STOP',
  'NOTHING',
  'REFUSED',
];

/** The state of the machine, with the rollout it is about and its last answer taken apart. */
export interface RolloutTask extends RolloutState {
  readonly thisRollout: Rollout;
  /** The last answer of a handler; undefined at the beginning and after a handler that failed. */
  readonly last?: Outcome;
  /** What went wrong when a handler failed. */
  readonly caught?: CaughtError;
}

/**
 * Reads the state of the machine.
 *
 * @param kinds of workloads that the caller knows
 */
export function parseState(event: unknown, kinds: readonly string[] = WORKLOAD_KINDS): RolloutTask {
  const state = record(event, 'state');
  const plan = parsePlan(state.plan, kinds);
  const rollout = text(state.rollout, 'state.rollout');
  const thisRollout = plan.rollouts[rollout];
  if (!thisRollout) {
    throw new ShapeError(
      `state.rollout must be one of ${Object.keys(plan.rollouts).join(', ')}, but is "${rollout}": the action and the machine are of different versions of the pipeline`,
    );
  }
  const { last, caught } = parseLast(state.outcome);
  return {
    rollout,
    thisRollout,
    executionId: text(state.executionId, 'state.executionId'),
    commit: text(state.commit, 'state.commit'),
    plan,
    machine: optional(state.machine, 'state.machine', text),
    legStartedAt: optional(state.legStartedAt, 'state.legStartedAt', moment),
    outcome: caught ?? last,
    last,
    caught,
  };
}

/** The last answer of a handler, or what went wrong with it. */
export function parseLast(value: unknown): Pick<RolloutTask, 'last' | 'caught'> {
  const outcome = optional(value, 'state.outcome', record);
  if (!outcome) return {};
  if (typeof outcome.Error === 'string') return { caught: caughtError(outcome) };
  stateSchema(outcome.schema, 'state.outcome.schema');
  return { last: parseOutcome(outcome) };
}

function caughtError(value: { readonly [key: string]: unknown }): CaughtError {
  return { Error: String(value.Error), Cause: typeof value.Cause === 'string' ? value.Cause : undefined };
}

function parseOutcome(outcome: { readonly [key: string]: unknown }): Outcome {
  const at = 'state.outcome';
  return {
    next: oneOf(outcome.next, `${at}.next`, NEXT),
    reason: text(outcome.reason, `${at}.reason`),
    startedAt: optional(outcome.startedAt, `${at}.startedAt`, moment),
    observedMinutes: optional(outcome.observedMinutes, `${at}.observedMinutes`, count),
    attempt: optional(outcome.attempt, `${at}.attempt`, count),
    renews: optional(outcome.renews, `${at}.renews`, flag),
    deployments: optional(outcome.deployments, `${at}.deployments`, (value, where) =>
      recordOf(value, where, (ids, inner) => recordOf(ids, inner, text)),
    ),
    waitsUntil: optional(outcome.waitsUntil, `${at}.waitsUntil`, moment),
    silentSince: optional(outcome.silentSince, `${at}.silentSince`, (value, where) => recordOf(value, where, moment)),
    waitingSince: optional(outcome.waitingSince, `${at}.waitingSince`, moment),
    because: optional(outcome.because, `${at}.because`, text),
    machine: optional(outcome.machine, `${at}.machine`, text),
    held: outcome.held === true || undefined,
  };
}

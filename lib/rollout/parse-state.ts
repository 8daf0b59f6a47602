import { maybe, record, ShapeError, schema } from '../core/shape';
import { WORKLOAD_KINDS } from '../plan/kinds';
import type { Rollout } from '../plan/rollout-plan';
import {
  answered,
  type CaughtError,
  caughtError,
  type Outcome,
  type RolloutState,
  rolloutState,
  STATE_SCHEMA,
} from './state';

const stateSchema = schema(
  STATE_SCHEMA,
  'the handler that answered it is of another version; stop this execution and retry the stage',
);

/** State of the machine, with its rollout and the last answer apart. */
export interface RolloutTask extends RolloutState {
  readonly thisRollout: Rollout;
  /** Last answer of a handler; undefined at the beginning and after a handler that failed. */
  readonly last?: Outcome;
  /** Error of a handler that failed. */
  readonly caught?: CaughtError;
}

/**
 * Reads the state of the machine.
 *
 * @param kinds of workloads that the caller can read
 */
export function parseState(event: unknown, kinds: readonly string[] = WORKLOAD_KINDS): RolloutTask {
  const state = rolloutState(kinds)(event, 'state');
  const { plan, rollout } = state;
  const thisRollout = plan.rollouts[rollout];
  if (!thisRollout) {
    throw new ShapeError(
      `state.rollout must be one of ${Object.keys(plan.rollouts).join(', ')}, but is "${rollout}": the action and the machine are of different versions of the pipeline`,
    );
  }
  const { last, caught } = parseLast(record(event, 'state').outcome);
  return { ...state, thisRollout, outcome: caught ?? last, last, caught };
}

/** Reads the last answer of a handler, or its error. */
export function parseLast(value: unknown): Pick<RolloutTask, 'last' | 'caught'> {
  const at = 'state.outcome';
  const outcome = maybe(record)(value, at);
  if (!outcome) return {};
  if (typeof outcome.Error === 'string') return { caught: caughtError(outcome, at) };
  stateSchema(outcome.schema, `${at}.schema`);
  return { last: answered(outcome, at) };
}

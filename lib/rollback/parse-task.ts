import { json, maybe, record, ShapeError, schema, text, word } from '../core/shape';
import { MACHINE_EVENT, PIPELINE_EVENT, STAGE_EVENT } from '../plan/events';
import { parsePlan } from '../plan/parse-plan';
import type { Rollout } from '../plan/rollout-plan';
import { ORDER_SCHEMA } from '../rollout/deadline';
import { parseLast, parseState, type RolloutTask } from '../rollout/parse-state';

/** Input of a rollback: of a rollout that turned bad, or of a release whose rollback somebody requested. */
export interface RollbackTask extends Pick<RolloutTask, 'executionId' | 'plan' | 'last' | 'caught'> {
  /** Name of the rollout that turned bad. */
  readonly rollout?: string;
  readonly thisRollout?: Rollout;
  readonly commit?: string;
  /** Set when somebody requested it: a person, or the safety net. */
  readonly request?: RollbackRequest;
}

/** Request for a rollback. */
export interface RollbackRequest {
  readonly because: string;
  /** Person who requested it, and for whom the pipeline is held from now on; undefined for the safety net. */
  readonly person?: string;
  /** Whether it is about staging alone: production is not touched then. */
  readonly ofStaging: boolean;
  /** Whether something failed, rather than was stopped: its stage may be retried, unless traffic has moved. */
  readonly failed: boolean;
}

/** Reads the schema number of an order. A person who types an order may leave it out. */
const orderSchema = maybe(
  schema(ORDER_SCHEMA, 'another version of the pipeline wrote it; roll the release back by hand'),
);

/**
 * Reads the state of a machine that rolls back. A state without a rollout is a request. A person's is `{rollback: true,
 * executionId, by?, because?}`. A deadline's is the same with a `state`. The safety net's is `{rollback: true, event}`, with
 * the type and the detail of an event of EventBridge.
 */
export function parseRollback(event: unknown): RollbackTask {
  const state = record(event, 'state');
  if (state.rollout !== undefined) return parseState(event);
  if (state.rollback !== true) {
    throw new ShapeError('state must have a rollout, or rollback: true and the executionId of a release');
  }
  const plan = parsePlan(state.plan);
  const { executionId, rollout, ...request } = readOrder(state, 'state');
  return {
    executionId,
    plan,
    ...parseLast(state.outcome),
    request: { ...request, ofStaging: rollout !== undefined && plan.rollouts[rollout]?.kind === 'STAGING' },
  };
}

/** Order to roll a release back: who gave it, and why. */
interface Order extends Omit<RollbackRequest, 'ofStaging'> {
  readonly executionId: string;
  /** Name of the rollout whose machine has ended; undefined for every other order. */
  readonly rollout?: string;
}

const eventType = word(STAGE_EVENT, PIPELINE_EVENT, MACHINE_EVENT);

type Fields = { readonly [key: string]: unknown };

/** Reads the order in the input of a machine. The safety net gives an event, a deadline a state, a person neither. */
function readOrder(input: Fields, at: string): Order {
  orderSchema(input.schema, `${at}.schema`);
  if (input.event !== undefined) return readEvent(record(input.event, `${at}.event`), `${at}.event`);
  return {
    executionId: text(input.executionId, `${at}.executionId`),
    because: maybe(text)(input.because, `${at}.because`) ?? 'a rollback was requested',
    person: input.state === undefined ? (maybe(text)(input.by, `${at}.by`) ?? 'a person') : undefined,
    failed: input.state === 'FAILED',
  };
}

/** Reads the order in the type and the detail of an event. */
function readEvent(event: Fields, at: string): Order {
  const type = eventType(event.type, `${at}.type`);
  const detail = record(event.detail, `${at}.detail`);
  if (type === MACHINE_EVENT) return readEnded(detail, `${at}.detail`);
  const state = text(detail.state, `${at}.detail.state`);
  const subject =
    type === STAGE_EVENT
      ? `stage ${text(detail.stage, `${at}.detail.stage`)} of the pipeline`
      : 'the execution of the pipeline';
  return {
    executionId: text(detail['execution-id'], `${at}.detail.execution-id`),
    because: `${subject} is ${state}`,
    failed: state === 'FAILED',
  };
}

/** Reads the end of an execution of the machine. The input of the execution is text. */
function readEnded(detail: Fields, at: string): Order {
  const inputAt = `${at}.input`;
  const input = record(json(text(detail.input, inputAt), inputAt), inputAt);
  const status = text(detail.status, `${at}.status`);
  const execution = `ended ${status} (execution ${text(detail.name, `${at}.name`)})`;
  if (input.rollback === true) {
    // A killed rollback goes on for the same reason. It may itself have gone on for another.
    const before = readOrder(input, inputAt);
    return { ...before, because: `${before.because}; its rollback ${execution}` };
  }
  const rollout = text(input.rollout, `${inputAt}.rollout`);
  return {
    executionId: text(input.executionId, `${inputAt}.executionId`),
    because: `the machine of ${rollout} ${execution}`,
    failed: status === 'FAILED',
    rollout,
  };
}

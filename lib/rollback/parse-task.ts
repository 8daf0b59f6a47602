import { json, maybe, record, ShapeError, text } from '../core/shape';
import { parsePlan } from '../plan/parse-plan';
import type { Rollout } from '../plan/rollout-plan';
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

/**
 * Reads the state of a machine that rolls back. A state without a rollout is a request. A person's is `{rollback: true,
 * executionId, by?, because?}`. The safety net's is the same with a `state`, or `{rollback: true, ended}`, with
 * EventBridge's detail about an execution of the machine that has ended.
 */
export function parseRollback(event: unknown): RollbackTask {
  const state = record(event, 'state');
  if (state.rollout !== undefined) return parseState(event);
  if (state.rollback !== true) {
    throw new ShapeError('state must have a rollout, or rollback: true and the executionId of a release');
  }
  const plan = parsePlan(state.plan);
  const ended = maybe(parseEnded)(state.ended, 'state.ended');
  return {
    executionId: ended?.executionId ?? text(state.executionId, 'state.executionId'),
    plan,
    ...parseLast(state.outcome),
    request: {
      because: ended?.because ?? maybe(text)(state.because, 'state.because') ?? 'a rollback was requested',
      person: ended ? ended.person : personOf(state, 'state'),
      failed: ended?.failed ?? state.state === 'FAILED',
      ofStaging: ended?.rollout !== undefined && plan.rollouts[ended.rollout]?.kind === 'STAGING',
    },
  };
}

/** Returns the person who made a request. The safety net's requests have a state, and no person. */
const personOf = (input: { readonly [key: string]: unknown }, at: string): string | undefined =>
  input.state === undefined ? (maybe(text)(input.by, `${at}.by`) ?? 'a person') : undefined;

interface EndedExecution {
  readonly executionId: string;
  readonly because: string;
  readonly failed: boolean;
  /** Person who requested the rollback that has ended. */
  readonly person?: string;
  /** Name of the rollout that it ran; undefined when it rolled back itself. */
  readonly rollout?: string;
}

/** Reads the detail of a `Step Functions Execution Status Change`. The input of the execution is text. */
function parseEnded(value: unknown, at: string): EndedExecution {
  const detail = record(value, at);
  const inputAt = `${at}.input`;
  const input = record(json(text(detail.input, inputAt), inputAt), inputAt);
  const status = text(detail.status, `${at}.status`);
  const execution = `ended ${status} (execution ${text(detail.name, `${at}.name`)})`;
  if (input.rollback === true) {
    // A killed rollback goes on for the same reason. It may itself have gone on for another.
    const before = maybe(parseEnded)(input.ended, `${inputAt}.ended`);
    const because = before?.because ?? maybe(text)(input.because, `${inputAt}.because`) ?? 'a rollback was requested';
    return {
      executionId: before?.executionId ?? text(input.executionId, `${inputAt}.executionId`),
      because: `${because}; its rollback ${execution}`,
      failed: before?.failed ?? input.state === 'FAILED',
      person: before ? before.person : personOf(input, inputAt),
      rollout: before?.rollout,
    };
  }
  const rollout = text(input.rollout, `${inputAt}.rollout`);
  return {
    executionId: text(input.executionId, `${inputAt}.executionId`),
    because: `the machine of ${rollout} ${execution}`,
    failed: status === 'FAILED',
    rollout,
  };
}

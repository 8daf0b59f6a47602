import { json, maybe, record, ShapeError, text } from '../core/shape';
import { parsePlan } from '../plan/parse-plan';
import type { Rollout } from '../plan/rollout-plan';
import { parseLast, parseState, type RolloutTask } from '../rollout/parse-state';

/** What a rollback needs to know: of a rollout that turned bad, or of a release whose rollback was asked for. */
export interface RollbackTask extends Pick<RolloutTask, 'executionId' | 'plan' | 'last' | 'caught'> {
  /** Name of the rollout that turned bad. */
  readonly rollout?: string;
  readonly thisRollout?: Rollout;
  readonly commit?: string;
  /** Set when somebody asked: a person, or the safety net. */
  readonly asked?: Asked;
}

/** Why a rollback was asked for. */
export interface Asked {
  readonly because: string;
  /** The person who asked, and for whom the pipeline is held from now on; undefined when it was the safety net. */
  readonly person?: string;
  /** Whether it was about staging alone: production is not touched then. */
  readonly ofStaging: boolean;
  /** Whether something failed, rather than was stopped: its stage may be retried, unless traffic has moved. */
  readonly failed: boolean;
}

/**
 * Reads the state of a machine that rolls back. Without a rollout, somebody asked: a person,
 * `{rollback: true, executionId, by?, because?}`; or the safety net, the same with a `state`, or `{rollback: true, ended}`
 * with what EventBridge says of an execution of the machine that has ended.
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
    asked: {
      because: ended?.because ?? maybe(text)(state.because, 'state.because') ?? 'a rollback was asked for',
      person: ended ? ended.person : personOf(state, 'state'),
      failed: ended?.failed ?? state.state === 'FAILED',
      ofStaging: ended?.rollout !== undefined && plan.rollouts[ended.rollout]?.kind === 'STAGING',
    },
  };
}

/** Who asked, when it was not the safety net, which says in which state something is. */
const personOf = (input: { readonly [key: string]: unknown }, at: string): string | undefined =>
  input.state === undefined ? (maybe(text)(input.by, `${at}.by`) ?? 'a person') : undefined;

interface EndedExecution {
  readonly executionId: string;
  readonly because: string;
  readonly failed: boolean;
  /** Who had asked for the rollback that has ended. */
  readonly person?: string;
  /** Name of the rollout that it ran; undefined when it rolled back itself. */
  readonly rollout?: string;
}

/** The detail of a `Step Functions Execution Status Change`. The input of the execution is text. */
function parseEnded(value: unknown, at: string): EndedExecution {
  const detail = record(value, at);
  const inputAt = `${at}.input`;
  const input = record(json(text(detail.input, inputAt), inputAt), inputAt);
  const status = text(detail.status, `${at}.status`);
  const execution = `ended ${status} (execution ${text(detail.name, `${at}.name`)})`;
  if (input.rollback === true) {
    // A rollback that was killed goes on for the same reason. It may itself have gone on for another.
    const before = maybe(parseEnded)(input.ended, `${inputAt}.ended`);
    const because = before?.because ?? maybe(text)(input.because, `${inputAt}.because`) ?? 'a rollback was asked for';
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

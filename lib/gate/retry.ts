import { mayBeTakenOver } from '../ledger/decide-acquire';
import type { Holder, PersonHold, Release } from '../ledger/items';
import { isOurs, type Transition } from '../ledger/transitions';
import type { Blocked } from './items';
import type { GateStage } from './request';

/** The stage of the gate, as CodePipeline tells of it. */
export interface StageFacts {
  readonly transition: Transition;
  /** The execution that was in it last, and its status there. */
  readonly latest?: { readonly executionId: string; readonly status: string };
  /** When the gate's action failed for it; ISO 8601. Undefined: it is not the gate that failed. */
  readonly gateFailedAt?: string;
}

/** A release that waits at a gate. */
export interface Waiting {
  readonly stage: GateStage;
  readonly executionId: string;
  /** When the gate failed for it; ISO 8601. */
  readonly at: string;
  /** What the ledger remembers of it, if anything. */
  readonly blocked?: Blocked;
}

/** What is known when a blocked release might go on. */
export interface RetryFacts {
  readonly waiting: Pick<Waiting, 'stage' | 'executionId'>;
  readonly stage: StageFacts;
  readonly hold: PersonHold | undefined;
  /** The release that waits. */
  readonly mine: Release | undefined;
  readonly holder: Holder | undefined;
  /** The release that `holder` names. */
  readonly holding: Release | undefined;
  /** Status of the execution that `holder` names, when it is another one and holds production. */
  readonly holdingStatus: string | undefined;
}

export type RetryDecision =
  /** Its checks are to be asked; when they pass, its stage is retried. */
  | { readonly do: 'EVALUATE' }
  | { readonly do: 'WAIT'; readonly reason: string }
  /** It is another one's turn, as far as CodePipeline tells: what it tells may be older than the block. */
  | { readonly do: 'SKIP'; readonly reason: string }
  /** It is not retried any more. */
  | { readonly do: 'FORGET'; readonly reason: string };

/** A gate that has failed remembers so within its function's timeout, or never. In minutes. */
const REMEMBERS_WITHIN = 5;

/**
 * The release that waits at a gate, if any. The ledger remembers whom a gate has blocked; where it could not be told, or the
 * gate gave no answer at all, CodePipeline still knows whom its action failed for.
 *
 * @param last what the ledger remembers of this gate
 */
export function waitingAt(
  stage: GateStage,
  last: Blocked | undefined,
  { latest, gateFailedAt }: StageFacts,
  now: number,
): Waiting | undefined {
  const isTold = last !== undefined && last.executionId === latest?.executionId;
  if (!isTold && latest?.status === 'Failed' && gateFailedAt !== undefined) {
    const since = now - Date.parse(gateFailedAt);
    if (since >= REMEMBERS_WITHIN * 60_000) return { stage, executionId: latest.executionId, at: gateFailedAt };
  }
  return last?.state === 'BLOCKED' ? { stage, executionId: last.executionId, at: last.at, blocked: last } : undefined;
}

/** Whether a blocked release may be retried: never against a person, and never beside a release that is under way. */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { waiting, stage, hold, mine, holder, holding, holdingStatus } = facts;
  const { executionId } = waiting;
  const { latest, transition, gateFailedAt } = stage;
  if (!latest) return wait(`CodePipeline does not tell which execution was last in ${waiting.stage}`);
  if (latest.executionId !== executionId) {
    return { do: 'SKIP', reason: `execution ${latest.executionId} has come to ${waiting.stage} since` };
  }
  if (latest.status === 'InProgress' || latest.status === 'Stopping')
    return wait(`${waiting.stage} is ${latest.status}`);
  if (latest.status !== 'Failed') return forget(`${waiting.stage} is ${latest.status}`);
  // What comes after the gate has failed for a reason that no retry removes.
  if (gateFailedAt === undefined) return forget(`it is not the gate that has failed in ${waiting.stage}`);
  if (mine?.ended) return forget(`release ${executionId} has ended: ${mine.ended}`);
  if (mine?.rollingBackSince) return forget(`release ${executionId} is being rolled back`);
  if (hold) return wait(`the pipeline is held by ${hold.by}: ${hold.reason}`);
  if (!transition.enabled && !isOurs(transition)) {
    return wait(
      `a person has disabled the transition into ${waiting.stage}: ${transition.reason ?? 'no reason given'}`,
    );
  }
  if (transition.waiting !== undefined) {
    return wait(`execution ${transition.waiting}, which is newer, waits in front of ${waiting.stage}`);
  }
  const holds = holder?.state === 'HELD' ? holder.executionId : undefined;
  if (waiting.stage === 'Production') {
    return holds === executionId
      ? { do: 'EVALUATE' }
      : forget(`release ${executionId} does not hold production any more`);
  }
  if (holds === undefined || holds === executionId || holding?.ended) return { do: 'EVALUATE' };
  return holdingStatus !== undefined && mayBeTakenOver(holdingStatus, holding)
    ? { do: 'EVALUATE' }
    : wait(`release ${holds} is under way`);
}

const wait = (reason: string): RetryDecision => ({ do: 'WAIT', reason });

const forget = (reason: string): RetryDecision => ({ do: 'FORGET', reason });

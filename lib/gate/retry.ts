import { mayBeTakenOver } from '../ledger/decide-acquire';
import type { Holder, PersonHold, Release } from '../ledger/items';
import { isOurs, type Transition } from '../ledger/transitions';
import type { Blocked } from './items';
import type { GateStage } from './request';

/** Stage of the gate, as CodePipeline reports it. */
export interface StageFacts {
  readonly transition: Transition;
  /** Last execution in the stage, and its status there. */
  readonly latest?: { readonly executionId: string; readonly status: string };
  /** Time at which the gate's action failed for it; ISO 8601. Undefined when the gate did not fail. */
  readonly gateFailedAt?: string;
}

/** A release that waits at a gate. */
export interface Waiting {
  readonly stage: GateStage;
  readonly executionId: string;
  /** Time at which the gate failed for it; ISO 8601. */
  readonly at: string;
  /** Ledger's record of its block, if there is one. */
  readonly blocked?: Blocked;
}

/** Facts for the decision whether a blocked release is retried. */
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
  /** Its checks are run; if they pass, its stage is retried. */
  | { readonly do: 'EVALUATE' }
  | { readonly do: 'WAIT'; readonly reason: string }
  /** CodePipeline reports another release in the stage. The block stays: the report may be older than it. */
  | { readonly do: 'SKIP'; readonly reason: string }
  /** It is never retried. */
  | { readonly do: 'FORGET'; readonly reason: string };

/** Minutes in which a gate that has failed records its block: the timeout of its function. Later it never does. */
const RECORDS_WITHIN = 5;

/**
 * Finds the release that waits at a gate, if any. The ledger records the block. If that write failed, or the gate gave
 * no answer at all, CodePipeline still shows the execution for which the gate failed.
 *
 * @param last release in the ledger's record of this gate
 */
export function waitingAt(
  stage: GateStage,
  last: Blocked | undefined,
  { latest, gateFailedAt }: StageFacts,
  now: number,
): Waiting | undefined {
  const isRecorded = last !== undefined && last.executionId === latest?.executionId;
  if (!isRecorded && latest?.status === 'Failed' && gateFailedAt !== undefined) {
    const since = now - Date.parse(gateFailedAt);
    if (since >= RECORDS_WITHIN * 60_000) return { stage, executionId: latest.executionId, at: gateFailedAt };
  }
  return last?.state === 'BLOCKED' ? { stage, executionId: last.executionId, at: last.at, blocked: last } : undefined;
}

/**
 * Decides whether a blocked release may be retried: never against a person, and never beside a release that is under
 * way.
 */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { waiting, stage, hold, mine, holder, holding, holdingStatus } = facts;
  const { executionId } = waiting;
  const { latest, transition, gateFailedAt } = stage;
  if (!latest) return wait(`CodePipeline reports no last execution in ${waiting.stage}`);
  if (latest.executionId !== executionId) {
    return { do: 'SKIP', reason: `execution ${latest.executionId} has entered ${waiting.stage} since` };
  }
  if (latest.status === 'InProgress' || latest.status === 'Stopping')
    return wait(`${waiting.stage} is ${latest.status}`);
  if (latest.status !== 'Failed') return forget(`${waiting.stage} is ${latest.status}`);
  // An action after the gate has failed, for a reason that no retry removes.
  if (gateFailedAt === undefined) return forget(`another action than the gate has failed in ${waiting.stage}`);
  if (mine?.ended) return forget(`release ${executionId} has ended: ${mine.ended}`);
  if (mine?.rollingBackSince) return forget(`release ${executionId} is being rolled back`);
  if (hold) return wait(`the pipeline is held by ${hold.by}: ${hold.reason}`);
  if (!transition.enabled && !isOurs(transition)) {
    return wait(
      `a person has disabled the transition into ${waiting.stage}: ${transition.reason ?? 'no reason given'}`,
    );
  }
  if (transition.waiting !== undefined) {
    return wait(`execution ${transition.waiting}, which is newer, waits to enter ${waiting.stage}`);
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

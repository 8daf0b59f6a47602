import type { Holder, PersonHold, Release } from '../ledger/items';
import { mayBeTakenOver } from '../ledger/take-rules';
import { isOurs, type Transition } from '../ledger/transitions';
import type { Blocked } from './items';

/** The stage of the gate, as CodePipeline tells of it. */
export interface StageFacts {
  readonly transition: Transition;
  /** The execution that was in it last, and its status there. */
  readonly latest?: { readonly executionId: string; readonly status: string };
}

/** What is known when a blocked release might go on. */
export interface RetryFacts {
  readonly blocked: Blocked;
  readonly stage: StageFacts;
  readonly hold: PersonHold | undefined;
  readonly holder: Holder | undefined;
  /** The release that `holder` names. */
  readonly holding: Release | undefined;
  /** Status of the execution that `holder` names, when it is another one and holds production. */
  readonly holdingStatus: string | undefined;
}

export type RetryDecision =
  /** Its checks are to be asked; when they pass, its stage is retried. */
  | { readonly do: 'ASK' }
  | { readonly do: 'WAIT'; readonly reason: string }
  /** It is not retried any more. */
  | { readonly do: 'FORGET'; readonly reason: string };

/** Whether a blocked release may be retried: never against a person, and never beside a release that is under way. */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { blocked, stage, hold, holder, holding, holdingStatus } = facts;
  const { executionId } = blocked;
  const { latest, transition } = stage;
  if (!latest) return wait(`CodePipeline does not tell which execution was last in ${blocked.stage}`);
  if (latest.executionId !== executionId) {
    return forget(`execution ${latest.executionId} has come to ${blocked.stage} since`);
  }
  if (latest.status === 'InProgress' || latest.status === 'Stopping')
    return wait(`${blocked.stage} is ${latest.status}`);
  if (latest.status !== 'Failed') return forget(`${blocked.stage} is ${latest.status}`);
  if (hold) return wait(`the pipeline is held by ${hold.by}: ${hold.reason}`);
  if (!transition.enabled && !isOurs(transition)) {
    return wait(
      `a person has disabled the transition into ${blocked.stage}: ${transition.reason ?? 'no reason given'}`,
    );
  }
  const holds = holder?.state === 'HELD' ? holder.executionId : undefined;
  if (blocked.stage === 'Production') {
    if (holds !== executionId) return forget(`release ${executionId} does not hold production any more`);
    return holding?.ended || holding?.rollingBackSince
      ? forget(`release ${executionId} has ended, or is being rolled back`)
      : { do: 'ASK' };
  }
  if (holds === undefined || holds === executionId || holding?.ended) return { do: 'ASK' };
  return holdingStatus !== undefined && mayBeTakenOver(holdingStatus, holding)
    ? { do: 'ASK' }
    : wait(`release ${holds} is under way`);
}

const wait = (reason: string): RetryDecision => ({ do: 'WAIT', reason });

const forget = (reason: string): RetryDecision => ({ do: 'FORGET', reason });

import { CANARY_ROLLOUT, STAGING_ROLLOUT } from '../plan/names';
import type { Holder, PersonHold, Release } from './items';

/** Statuses of a pipeline execution that will not go on by itself. `NotFound`: its pipeline is gone. */
const ENDED_EXECUTION: readonly string[] = ['Failed', 'Stopped', 'Cancelled', 'Superseded', 'Succeeded', 'NotFound'];

/** Facts by which a release may acquire production. */
export interface AcquireFacts {
  readonly executionId: string;
  /** The item `holder`; undefined before the first release. */
  readonly holder: Holder | undefined;
  /** The release itself. */
  readonly mine: Release | undefined;
  /** The release that `holder` names, if it is another one. */
  readonly other: Release | undefined;
  /** A person's hold. */
  readonly hold?: PersonHold;
  /** Status of the pipeline execution that `holder` names; undefined until it is read. */
  readonly otherStatus?: string;
}

export type AcquireDecision =
  /** It holds production already. */
  | { readonly do: 'KEEP'; readonly token: number }
  /** Production is free. */
  | { readonly do: 'ACQUIRE'; readonly token: number }
  /** The holder's execution has ended, with all regions on stable. */
  | { readonly do: 'TAKE_OVER'; readonly token: number; readonly reason: string }
  /** The status of the holder's pipeline execution decides. */
  | { readonly do: 'READ_STATUS'; readonly executionId: string }
  /** This release must never acquire production. */
  | { readonly do: 'REFUSE'; readonly reason: string }
  /** This release must not acquire production now. */
  | { readonly do: 'BLOCK'; readonly reason: string };

/** Decides whether a release may acquire production. */
export function decideAcquire({ executionId, holder, mine, other, hold, otherStatus }: AcquireFacts): AcquireDecision {
  const ended =
    mine?.ended ?? (holder?.executionId === executionId && holder.state === 'FREE' ? holder.ended : undefined);
  if (ended) {
    const reason = mine?.reason ?? holder?.reason;
    return refuse(
      `Release ${executionId} has ended: ${ended}${reason ? `, ${reason}` : ''}. A release runs once; start a new execution of the pipeline.`,
    );
  }
  if (holder?.executionId === executionId && holder.state === 'HELD') return { do: 'KEEP', token: holder.token };
  if (hold) return { do: 'BLOCK', reason: heldBy(hold) };
  if (!holder) return { do: 'ACQUIRE', token: 1 };
  if (holder.executionId === executionId) return { do: 'ACQUIRE', token: holder.token + 1 };
  if (mine?.token !== undefined && mine.token < holder.token) {
    return refuse(
      `Release ${executionId} (token ${mine.token}) is older than release ${holder.executionId} (commit ${holder.commit}, token ${holder.token}), which has acquired production since. Start a new execution of the pipeline.`,
    );
  }
  const token = holder.token + 1;
  if (holder.state === 'FREE' || other?.ended) return { do: 'ACQUIRE', token };
  const held = `Production is held by release ${holder.executionId} (commit ${holder.commit}) since ${holder.acquiredAt}`;
  // A release that rolls a completed one back has no execution.
  if (other?.returns) return { do: 'BLOCK', reason: `${held}. ${mayHaveSplitTheFleet(other)}` };
  if (otherStatus === undefined) return { do: 'READ_STATUS', executionId: holder.executionId };

  const where = `${held}; its execution is ${otherStatus}; ${reached(other)}.`;
  if (!hasEnded(otherStatus)) return { do: 'BLOCK', reason: where };
  const split = mayHaveSplitTheFleet(other);
  if (split) return { do: 'BLOCK', reason: `${where} ${split}` };
  return {
    do: 'TAKE_OVER',
    token,
    reason: `its execution is ${otherStatus}; release ${executionId} acquired production`,
  };
}

const heldBy = ({ service, by, reason, at }: PersonHold): string =>
  `The pipeline is held by ${by} since ${at}: ${reason}. No release acquires production until: npx microservice-deployment-pipeline resume --service ${service}. Then retry the stage, or let the next commit pass.`;

const hasEnded = (status: string): boolean => ENDED_EXECUTION.includes(status);

/** Returns true if another release may take over production from one whose execution has this status. */
export const mayBeTakenOver = (status: string, release: Release | undefined): boolean =>
  hasEnded(status) && mayHaveSplitTheFleet(release) === undefined;

/** Returns true for a wave: every rollout that is neither staging's nor the canary (see RolloutPlan). */
const isWave = (name: string): boolean => name !== STAGING_ROLLOUT && name !== CANARY_ROLLOUT;

/** Explains why the fleet may serve two revisions because of this release; undefined if it cannot. */
function mayHaveSplitTheFleet(release: Release | undefined): string | undefined {
  if (!release) return 'The ledger does not say whether it has shifted traffic.';
  if (release.rollingBackSince) return `It is being rolled back since ${release.rollingBackSince}.`;
  const wave = Object.entries(release.rollouts).find(([name, { shifted }]) => isWave(name) && shifted);
  if (wave) return `Its rollout ${wave[0]} has shifted traffic: roll it back, or retry its failed stage.`;
  if (release.rollouts[CANARY_ROLLOUT]?.state === 'STARTED') return 'Its canary has not returned: roll it back.';
  return undefined;
}

function reached(release: Release | undefined): string {
  const rollouts = Object.entries(release?.rollouts ?? {}).map(([name, { state }]) => `${name} ${state}`);
  return rollouts.length > 0 ? `it has reached ${rollouts.join(', ')}` : 'none of its rollouts has started';
}

const refuse = (reason: string): AcquireDecision => ({ do: 'REFUSE', reason });

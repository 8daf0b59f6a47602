import { isoTime } from '../core/time';
import { abandon } from './abandon';
import { type AcquireDecision, type AcquireFacts, decideAcquire } from './decide-acquire';
import { finish } from './end';
import type { Holder } from './items';
import type { Ledger } from './ledger';
import { hasShifted } from './started';
import { retryingConflicts } from './update';

/** Result of an attempt to acquire production. */
export interface AcquireAnswer {
  readonly acquired: boolean;
  readonly reason: string;
  /** Release from which production was taken over. */
  readonly over?: string;
}

/** Reads from CodePipeline the status of one of the pipeline's executions. */
export type ExecutionStatus = (executionId: string) => Promise<string>;

/** Acquires production for a release. Safe to repeat. */
export async function acquire(
  ledger: Ledger,
  release: { readonly executionId: string; readonly commit: string },
  statusOf: ExecutionStatus,
): Promise<AcquireAnswer> {
  return retryingConflicts(async () => {
    const facts = await readFacts(ledger, release.executionId);
    // Only after all is read: this version must touch nothing if it cannot read an item.
    if (!facts.mine) await ledger.open(release.executionId, release.commit);
    const decision = await decideWithStatus(facts, statusOf);
    const answer = await apply(ledger, release, facts, decision);
    return answer.acquired ? await unlessHeld(ledger, release.executionId, answer) : answer;
  });
}

/**
 * Abandons a release if a person held the pipeline while the release acquired production. The rollback that the person
 * ordered did not find this release, so it must not go on. Nothing of it has shifted.
 */
async function unlessHeld(ledger: Ledger, executionId: string, answer: AcquireAnswer): Promise<AcquireAnswer> {
  const hold = await ledger.personHold();
  const release = hold && (await ledger.release(executionId));
  if (!release || hasShifted(release)) return answer;
  const reason = `the pipeline is held by ${hold.by} since ${hold.at}: ${hold.reason}`;
  await abandon(ledger, release, reason);
  return {
    acquired: false,
    reason: `Release ${executionId} has freed production again: ${reason}. Start a new execution of the pipeline after: npx microservice-deployment-pipeline resume --service ${hold.service}.`,
  };
}

async function readFacts(ledger: Ledger, executionId: string): Promise<AcquireFacts> {
  const holder = await ledger.holder();
  const mine = await ledger.release(executionId);
  const other = holder && holder.executionId !== executionId ? await ledger.release(holder.executionId) : undefined;
  return { executionId, holder, mine, other, hold: await ledger.personHold() };
}

async function decideWithStatus(facts: AcquireFacts, statusOf: ExecutionStatus): Promise<AcquireDecision> {
  const decision = decideAcquire(facts);
  return decision.do === 'READ_STATUS'
    ? decideAcquire({ ...facts, otherStatus: await statusOf(decision.executionId) })
    : decision;
}

async function apply(
  ledger: Ledger,
  { executionId, commit }: { readonly executionId: string; readonly commit: string },
  { holder, mine, other }: AcquireFacts,
  decision: AcquireDecision,
): Promise<AcquireAnswer> {
  const now = isoTime(Date.now());
  let before = holder;
  switch (decision.do) {
    case 'READ_STATUS':
      return { acquired: false, reason: `the status of execution ${decision.executionId} is not known` };
    case 'REFUSE':
    case 'BLOCK':
      return { acquired: false, reason: decision.reason };
    case 'KEEP':
      if (mine?.token !== decision.token) await ledger.setToken(executionId, decision.token);
      return { acquired: true, reason: `release ${executionId} holds production (token ${decision.token})` };
    case 'TAKE_OVER':
      if (other) await ledger.end(other, { ended: 'ABANDONED', reason: decision.reason, endedAt: now });
      break;
    case 'ACQUIRE':
      // This release ended, but its handler failed before it freed the item `holder`.
      if (other?.ended && holder?.state === 'HELD') {
        await finish(ledger, other, holder.token);
        before = { ...holder, state: 'FREE' };
      }
      break;
  }
  const next: Holder = { executionId, commit, token: decision.token, acquiredAt: now, state: 'HELD' };
  await ledger.transferLock(before, next);
  await ledger.setToken(executionId, decision.token);
  const reason = `release ${executionId} has acquired production (token ${decision.token})`;
  return decision.do === 'TAKE_OVER'
    ? {
        acquired: true,
        reason: `${reason}, taken over from ${holder?.executionId}: ${decision.reason}`,
        over: holder?.executionId,
      }
    : { acquired: true, reason };
}

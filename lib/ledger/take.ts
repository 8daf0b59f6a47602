import { isoTime } from '../core/time';
import { abandon } from './abandon';
import { finish } from './end';
import type { Holder } from './items';
import type { Ledger } from './ledger';
import { hasShifted } from './started';
import { decideTake, type TakeDecision, type TakeFacts } from './take-rules';
import { retryingConflicts } from './update';

/** The answer to a release that asks for production. */
export interface TakeAnswer {
  readonly taken: boolean;
  readonly reason: string;
  /** The release from which production was taken over. */
  readonly over?: string;
}

/** Asks CodePipeline for the status of one of the pipeline's executions. */
export type ExecutionStatus = (executionId: string) => Promise<string>;

/** Takes production for a release. Safe to repeat. */
export async function take(
  ledger: Ledger,
  release: { readonly executionId: string; readonly commit: string },
  statusOf: ExecutionStatus,
): Promise<TakeAnswer> {
  return retryingConflicts(async () => {
    const facts = await ask(ledger, release.executionId);
    // Not before all is read: an item that this version cannot read is a reason to touch nothing.
    if (!facts.mine) await ledger.open(release.executionId, release.commit);
    const decision = await decideKnowing(facts, statusOf);
    const answer = await act(ledger, release, facts, decision);
    return answer.taken ? await unlessHeld(ledger, release.executionId, answer) : answer;
  });
}

/**
 * A person may have held the pipeline while the release took production. Whatever they wanted rolled back did not find
 * this release, so it must not go on; nothing of it has shifted.
 */
async function unlessHeld(ledger: Ledger, executionId: string, answer: TakeAnswer): Promise<TakeAnswer> {
  const hold = await ledger.personHold();
  const release = hold && (await ledger.release(executionId));
  if (!release || hasShifted(release)) return answer;
  const reason = `the pipeline is held by ${hold.by} since ${hold.at}: ${hold.reason}`;
  await abandon(ledger, release, reason);
  return {
    taken: false,
    reason: `Release ${executionId} has let go of production again: ${reason}. Start a new execution of the pipeline after: npx deployment-pipeline resume --service ${hold.service}.`,
  };
}

async function ask(ledger: Ledger, executionId: string): Promise<TakeFacts> {
  const holder = await ledger.holder();
  const mine = await ledger.release(executionId);
  const other = holder && holder.executionId !== executionId ? await ledger.release(holder.executionId) : undefined;
  return { executionId, holder, mine, other, hold: await ledger.personHold() };
}

async function decideKnowing(facts: TakeFacts, statusOf: ExecutionStatus): Promise<TakeDecision> {
  const decision = decideTake(facts);
  return decision.do === 'ASK' ? decideTake({ ...facts, otherStatus: await statusOf(decision.executionId) }) : decision;
}

async function act(
  ledger: Ledger,
  { executionId, commit }: { readonly executionId: string; readonly commit: string },
  { holder, mine, other }: TakeFacts,
  decision: TakeDecision,
): Promise<TakeAnswer> {
  const now = isoTime(Date.now());
  let before = holder;
  switch (decision.do) {
    case 'ASK':
      return { taken: false, reason: `the status of execution ${decision.executionId} is not known` };
    case 'REFUSE':
    case 'BLOCK':
      return { taken: false, reason: decision.reason };
    case 'KEEP':
      if (mine?.token !== decision.token) await ledger.setToken(executionId, decision.token);
      return { taken: true, reason: `release ${executionId} holds production (token ${decision.token})` };
    case 'TAKE_OVER':
      if (other) await ledger.end(other, { ended: 'ABANDONED', reason: decision.reason, endedAt: now });
      break;
    case 'TAKE':
      // A release that ended, but did not live to say so in the item `holder`.
      if (other?.ended && holder?.state === 'HELD') {
        await finish(ledger, other, holder.token);
        before = { ...holder, state: 'FREE' };
      }
      break;
  }
  const next: Holder = { executionId, commit, token: decision.token, takenAt: now, state: 'HELD' };
  await ledger.passOn(before, next);
  await ledger.setToken(executionId, decision.token);
  const reason = `release ${executionId} has taken production (token ${decision.token})`;
  return decision.do === 'TAKE_OVER'
    ? {
        taken: true,
        reason: `${reason}, over from ${holder?.executionId}: ${decision.reason}`,
        over: holder?.executionId,
      }
    : { taken: true, reason };
}

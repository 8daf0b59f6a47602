import type { ExecutionStatus } from './acquire';
import { mayBeTakenOver } from './decide-acquire';
import { finish } from './end';
import type { Holder, PersonHold } from './items';
import { ignoringConflict, type Ledger } from './ledger';
import { holdReason, isOurs, personReason, type Transitions, toHold, toReopen } from './transitions';

/**
 * Disables the transitions for the release that holds production, but leaves alone what a person has disabled: the next
 * release waits in front of them, and no update of the pipeline cuts this one off. Safe to repeat.
 */
export async function hold(transitions: Transitions, executionId: string): Promise<void> {
  await disable(transitions, holdReason(executionId));
}

/**
 * Holds the pipeline for a person, until that person ends it: the ledger first, which no end of a release overrules, then
 * the transitions, also when no release is under way. Safe to repeat.
 *
 * @returns the hold that is in force: an earlier one stays
 */
export async function holdForPerson(ledger: Ledger, transitions: Transitions, wanted: PersonHold): Promise<PersonHold> {
  await ignoringConflict(ledger.placeHold(wanted));
  const inForce = (await ledger.personHold()) ?? wanted;
  await disable(transitions, personReason(inForce));
  return inForce;
}

/** Disables what is enabled, and gives ours this reason. Whether CodePipeline replaces a reason is not documented. */
async function disable(transitions: Transitions, reason: string): Promise<void> {
  for (const stage of toHold(await transitions.read(), reason)) await transitions.disable(stage, reason);
}

/**
 * Enables the transitions that we have disabled, whichever release it was for, unless a release is under way or a person
 * holds the pipeline: then they are disabled, should anything have enabled them. Safe to repeat, and for anybody to call:
 * the ledger decides, not who calls.
 *
 * @param statusOf also lets go of a release whose execution has ended and that the next one may take over. Without it,
 *   only production that is free counts.
 * @returns the stages whose transitions were enabled
 */
export async function reopen(
  ledger: Ledger,
  transitions: Transitions,
  statusOf?: ExecutionStatus,
): Promise<readonly string[]> {
  // The transitions first: a release that is seen to be about to acquire production may have done so by then.
  const found = await transitions.read();
  if (await heldForPerson(ledger, transitions)) return [];
  if (!found.some(isOurs) || (await underWay(ledger, statusOf))) return [];
  const stages = toReopen(found, (await ledger.holder())?.executionId);
  for (const stage of stages) await transitions.enable(stage);
  // A release may have acquired production meanwhile, or a person the pipeline, and disabled what we then enabled: CodePipeline
  // has no conditions.
  if (await heldForPerson(ledger, transitions)) return [];
  const next = await underWay(ledger, statusOf);
  if (next) await hold(transitions, next.executionId);
  return next ? [] : stages;
}

/** Whether a person holds the pipeline; then the transitions are disabled. */
async function heldForPerson(ledger: Ledger, transitions: Transitions): Promise<boolean> {
  const held = await ledger.personHold();
  if (held) await disable(transitions, personReason(held));
  return held !== undefined;
}

/** Disables the transitions again for a release that goes on after its end had let go of them: a retried stage. */
export async function closeAgain(
  ledger: Ledger,
  transitions: Transitions,
  executionId: string,
  statusOf: ExecutionStatus,
): Promise<boolean> {
  const holder = await underWay(ledger, statusOf);
  if (holder?.executionId !== executionId) return false;
  await hold(transitions, executionId);
  return true;
}

/** The release for which the transitions stay disabled. */
async function underWay(ledger: Ledger, statusOf: ExecutionStatus | undefined): Promise<Holder | undefined> {
  const holder = await ledger.holder();
  if (holder?.state !== 'HELD') return undefined;
  const release = await ledger.release(holder.executionId);
  if (release?.ended) {
    // It did not live to say so in the item `holder`.
    await finish(ledger, release, holder.token);
    return undefined;
  }
  if (statusOf && !release?.returns && mayBeTakenOver(await statusOf(holder.executionId), release)) return undefined;
  return holder;
}

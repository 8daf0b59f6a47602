import type { ExecutionStatus } from './acquire';
import { mayBeTakenOver } from './decide-acquire';
import { finish } from './end';
import type { Holder, PersonHold } from './items';
import { ignoringConflict, type Ledger } from './ledger';
import { holdReason, isOurs, personReason, type Transitions, toHold, toReopen } from './transitions';

/**
 * Disables the transitions for the release that holds production: the next release waits before them, and no update of
 * the pipeline cuts this one off. Leaves alone what a person has disabled. Safe to repeat.
 */
export async function hold(transitions: Transitions, executionId: string): Promise<void> {
  await disable(transitions, holdReason(executionId));
}

/**
 * Holds the pipeline until a person resumes it. Writes the hold into the ledger first, where no end of a release
 * removes it. Then disables the transitions, also when no release is under way. Safe to repeat.
 *
 * @returns the hold that is in force: an earlier one stays
 */
export async function holdForPerson(ledger: Ledger, transitions: Transitions, wanted: PersonHold): Promise<PersonHold> {
  await ignoringConflict(ledger.placeHold(wanted));
  const inForce = (await ledger.personHold()) ?? wanted;
  await disable(transitions, personReason(inForce));
  return inForce;
}

/**
 * Disables what is enabled, and gives ours this reason. AWS does not document whether CodePipeline replaces a reason.
 */
async function disable(transitions: Transitions, reason: string): Promise<void> {
  for (const stage of toHold(await transitions.read(), reason)) await transitions.disable(stage, reason);
}

/**
 * Enables the transitions that we have disabled, for whichever release. While a release is under way or a person holds
 * the pipeline, it disables those that anything has enabled. Safe to repeat, for every caller: the ledger decides.
 *
 * @param statusOf also enables them after a release whose execution has ended, if the next one may take over from it.
 *   Without it, only production that is free counts.
 * @returns the stages whose transitions were enabled
 */
export async function reopen(
  ledger: Ledger,
  transitions: Transitions,
  statusOf?: ExecutionStatus,
): Promise<readonly string[]> {
  // The transitions first: a release that is about to acquire production may have done so by the next read.
  const found = await transitions.read();
  if (await heldForPerson(ledger, transitions)) return [];
  if (!found.some(isOurs) || (await underWay(ledger, statusOf))) return [];
  const stages = toReopen(found, (await ledger.holder())?.executionId);
  for (const stage of stages) await transitions.enable(stage);
  // Meanwhile a release may have acquired production, or a person may have held the pipeline, and disabled what we then
  // enabled: CodePipeline has no conditions.
  if (await heldForPerson(ledger, transitions)) return [];
  const next = await underWay(ledger, statusOf);
  if (next) await hold(transitions, next.executionId);
  return next ? [] : stages;
}

/** Returns true if a person holds the pipeline, after disabling the transitions for that person. */
async function heldForPerson(ledger: Ledger, transitions: Transitions): Promise<boolean> {
  const held = await ledger.personHold();
  if (held) await disable(transitions, personReason(held));
  return held !== undefined;
}

/** Disables the transitions again for a release that goes on after its end had enabled them: a retried stage. */
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

/** Returns the holder for whose release the transitions stay disabled. */
async function underWay(ledger: Ledger, statusOf: ExecutionStatus | undefined): Promise<Holder | undefined> {
  const holder = await ledger.holder();
  if (holder?.state !== 'HELD') return undefined;
  const release = await ledger.release(holder.executionId);
  if (release?.ended) {
    // Its handler failed before it freed the item `holder`.
    await finish(ledger, release, holder.token);
    return undefined;
  }
  if (statusOf && !release?.returns && mayBeTakenOver(await statusOf(holder.executionId), release)) return undefined;
  return holder;
}

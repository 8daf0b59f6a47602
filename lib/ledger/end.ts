import { isoTime } from '../rollout/patience';
import type { Release } from './items';
import { ignoringConflict, type Ledger } from './ledger';
import { standing } from './standing';

/** Environment of this name is no part of production, and of no "last stable". */
const STAGING = 'staging';

/** The answer to a release that wants to complete. */
export interface CompleteAnswer {
  readonly completed: boolean;
  readonly reason: string;
}

/** Completes a release whose rollouts have all passed: its candidate is the new stable. Safe to repeat. */
export async function complete(
  ledger: Ledger,
  executionId: string,
  requires: readonly string[],
): Promise<CompleteAnswer> {
  const release = await ledger.release(executionId);
  const holder = await ledger.holder();
  if (release?.ended === 'COMPLETED') {
    await finish(ledger, release, release.token);
    return { completed: true, reason: `release ${executionId} has completed` };
  }
  const may = standing(executionId, { holder, release });
  if (!release || !may.holds) return no(may.holds ? `release ${executionId} is not in the ledger` : may.reason);
  if (release.rollingBackSince)
    return no(`release ${executionId} is being rolled back since ${release.rollingBackSince}`);
  const open = requires.filter((name) => release.rollouts[name]?.state !== 'PASSED');
  if (open.length > 0) {
    const states = open.map((name) => `${name} ${release.rollouts[name]?.state ?? 'has not started'}`);
    return no(
      `release ${executionId} cannot complete, since not all of its rollouts have passed: ${states.join(', ')}`,
    );
  }
  const ending = { ended: 'COMPLETED' as const, reason: `passed ${requires.join(', ')}`, endedAt: isoTime(Date.now()) };
  await ledger.end(release, ending);
  await finish(ledger, { ...release, ...ending }, may.token);
  return { completed: true, reason: `release ${executionId} (commit ${release.commit}) has completed` };
}

/** Ends a release whose regions are all back on stable. Safe to repeat. */
export async function endRolledBack(ledger: Ledger, release: Release, reason: string): Promise<void> {
  const endedAt = isoTime(Date.now());
  const rollouts = Object.fromEntries(
    Object.entries(release.rollouts).map(([name, rollout]) =>
      rollout.shifted && name !== STAGING
        ? [name, { ...rollout, state: 'ROLLED_BACK' as const, reason, at: endedAt }]
        : [name, rollout],
    ),
  );
  const ending = { ended: 'ROLLED_BACK' as const, reason, endedAt };
  await ledger.end(release, ending, rollouts);
  await finish(ledger, { ...release, ...ending }, release.token);
}

/** Second half of every end: the release is marked ended, so what follows can be done by anybody, any number of times. */
export async function finish(ledger: Ledger, release: Release, token: number | undefined): Promise<void> {
  const { ended, executionId, commit, reason, endedAt } = release;
  if (!ended || token === undefined) return;
  const holder = await ledger.holder();
  if (holder?.executionId !== executionId || holder.token !== token || holder.state !== 'HELD') return;
  const at = endedAt ?? isoTime(Date.now());
  if (ended === 'COMPLETED') {
    const revisions = Object.fromEntries(Object.entries(release.candidates).filter(([name]) => name !== STAGING));
    // Before production is free: no later release can have completed.
    await ignoringConflict(ledger.setStable({ executionId, commit, at, revisions }, token));
  }
  await ignoringConflict(ledger.free(executionId, token, { ended, reason: reason ?? ended, endedAt: at }));
}

const no = (reason: string): CompleteAnswer => ({ completed: false, reason });

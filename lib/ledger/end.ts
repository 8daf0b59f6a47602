import { isoTime } from '../core/time';
import type { Published } from '../plan/revision';
import { checkHolder } from './check-holder';
import type { Completed, PerTarget, Release, Stable } from './items';
import { ignoringConflict, type Ledger } from './ledger';

/** Completions on record: more than a day may have, at any cadence. */
const KEPT_RELEASES = 100;

/** Environment of this name is no part of production, and not of the last stable release. */
const STAGING = 'staging';

/** Removes staging's entry. */
export const ofProduction = <T>(all: { readonly [name: string]: T }): { readonly [name: string]: T } =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== STAGING));

/** Result of an attempt to complete a release. */
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
  const may = checkHolder(executionId, { holder, release });
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
  // Read for its end, before anything is written: this version must touch nothing if it cannot read an item.
  await ledger.stable();
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

/** Finishes the end of a release that is already marked ended. Safe to repeat, for every caller. */
export async function finish(ledger: Ledger, release: Release, token: number | undefined): Promise<void> {
  const { ended, executionId, reason, endedAt } = release;
  if (!ended || token === undefined) return;
  const holder = await ledger.holder();
  if (holder?.executionId !== executionId || holder.token !== token || holder.state !== 'HELD') return;
  const at = endedAt ?? isoTime(Date.now());
  // Read before production is free: no later release can have completed.
  const stable = await stableAfter(ledger, release, at);
  if (stable) await ignoringConflict(ledger.setStable(stable, token));
  await ignoringConflict(ledger.releaseLock(executionId, token, { ended, reason: reason ?? ended, endedAt: at }));
}

/** Returns the last stable release from now on; undefined if it does not change. */
async function stableAfter(ledger: Ledger, release: Release, at: string): Promise<Stable | undefined> {
  const { ended, executionId, commit, candidates, returns } = release;
  if (ended !== 'COMPLETED' && returns === undefined) return undefined;
  const last = await ledger.stable();
  if (ended === 'COMPLETED') {
    const revisions = ofProduction(candidates);
    const before = last?.executionId === executionId ? last.before : last && named(last);
    const earlier = last?.recent.filter((moment) => moment !== at) ?? [];
    return { executionId, commit, at, revisions, before, recent: [...earlier, at].slice(-KEPT_RELEASES) };
  }
  if (last?.executionId !== returns) return undefined;
  // The ledger has no release before the first one.
  const before = last?.before ?? { executionId: `before ${returns}`, commit: 'unknown', at };
  return { ...before, revisions: stableRevisions(release), recent: last?.recent ?? [] };
}

/** Returns the revisions that production serves after a release has been rolled back. */
function stableRevisions({ candidates, stables }: Release): PerTarget<Published> {
  return Object.fromEntries(
    Object.entries(candidates).map(([name, targets]) => [
      name,
      Object.fromEntries(
        Object.entries(targets).map(([key, { revision, address }]) => [
          key,
          { revision: stables[name]?.[key] ?? revision, address },
        ]),
      ),
    ]),
  );
}

const named = ({ executionId, commit, at }: Stable): Completed => ({ executionId, commit, at });

const no = (reason: string): CompleteAnswer => ({ completed: false, reason });

import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ignoringConflict } from '../ledger/ledger';
import { allAnswered, fanOut, PlaceError } from '../workload/fleet';
import { showServing } from '../workload/serving';
import type { TargetAt } from '../workload/target';
import type { RolloutTask } from './parse-state';
import { readServed } from './read-start';

/**
 * Records, once per release and environment, the stable revisions: those that the targets serve, and to which
 * everything returns. Before anything shifts, and for all environments to which a rollback would return.
 */
export async function recordStables(
  ledger: Ledger,
  targetAt: TargetAt,
  task: RolloutTask,
  release: Release,
  environments: readonly string[],
): Promise<void> {
  const open = environments.filter((name) => release.stables[name] === undefined && release.candidates[name]);
  if (open.length === 0) return;
  const served = allAnswered(
    await fanOut(task, open, async (place) => {
      const candidate = release.candidates[place.name][place.key];
      return candidate ? readServed(targetAt(place, candidate.address)) : ({ missing: true } as const);
    }),
  );
  const split = served.flatMap(({ place, value }) =>
    'split' in value ? `${place.name}/${place.key} serves ${showServing(value.split)}: no single stable revision` : [],
  );
  if (split.length > 0) throw new PlaceError(split.join('; '));
  // An environment with a target that serves nothing is read again next time: once recorded, it stays as it is.
  const missing = served.filter(({ value }) => 'missing' in value).map(({ place }) => place.name);
  for (const name of open.filter((each) => !missing.includes(each))) {
    const stables = served.flatMap(({ place, value }) =>
      place.name === name && 'revision' in value ? [[place.key, value.revision] as const] : [],
    );
    await ignoringConflict(ledger.recordStables(task.executionId, name, Object.fromEntries(stables)));
  }
}

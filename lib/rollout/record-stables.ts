import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ignoringConflict } from '../ledger/ledger';
import { traffic } from '../workload/lambda/alias-facts';
import { allAnswered, askPlaces, PlaceError } from '../workload/places';
import { askServed } from './ask-start';
import type { RolloutTask } from './parse-state';

/**
 * Records, once per release and environment, what the aliases serve: the stable revision, to which everything returns.
 * Before anything shifts, and for all environments to which a roll back would return.
 */
export async function recordStables(
  ledger: Ledger,
  task: RolloutTask,
  release: Release,
  environments: readonly string[],
): Promise<void> {
  const open = environments.filter((name) => release.stables[name] === undefined && release.candidates[name]);
  if (open.length === 0) return;
  const served = allAnswered(
    await askPlaces(task, open, async (place) => {
      const candidate = release.candidates[place.name][place.key];
      return candidate ? askServed(place, candidate) : ({ missing: true } as const);
    }),
  );
  const split = served.flatMap(({ place, value }) =>
    'split' in value ? `${place.name}/${place.key} serves ${traffic(value.split)}: no single stable revision` : [],
  );
  if (split.length > 0) throw new PlaceError(split.join('; '));
  // An environment with a function that has no alias is looked at again: once recorded, it stays what it is.
  const missing = served.filter(({ value }) => 'missing' in value).map(({ place }) => place.name);
  for (const name of open.filter((each) => !missing.includes(each))) {
    const stables = served.flatMap(({ place, value }) =>
      place.name === name && 'version' in value ? [[place.key, value.version] as const] : [],
    );
    await ignoringConflict(ledger.recordStables(task.executionId, name, Object.fromEntries(stables)));
  }
}

import { CliError } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import type { Release } from '../../ledger/items';
import { retryingConflicts } from '../../ledger/update';
import type { Topology } from '../../plan/topology';
import type { Workloads } from '../../workload/target';
import { type Begun, begin, readBegin } from '../begin';
import type { Return } from '../read-return';
import { goneTargets } from '../return-all';
import type { Operator } from './operator';
import type { PipelineSide } from './pipeline-side';
import { type Kinds, type Production, productionOf } from './production';

/** Release that is to return, as the operator orders it. */
export interface Wanted {
  readonly because: string;
  /** The pipeline's execution. Default: the release that holds production, or held it last. */
  readonly execution?: string;
  /** Name of the revision to return to, where a person gives it. */
  readonly override: (region: string, key: string) => string | undefined;
  readonly workloads: Workloads;
}

/** Release that is to return, as the ledger has it. */
export interface LedgerTarget {
  readonly release: Release;
  readonly task: Return;
  readonly production: Production;
  /** Whether the release must be ended when all targets are on stable. */
  readonly ends: boolean;
  /** Reason why the ledger does not have this rollback. */
  readonly ledgerProblem?: string;
  readonly notes: readonly string[];
}

/**
 * Begins the rollback of a release in the ledger, as the machine would: nothing of the release starts any more, and its
 * execution is stopped. Throws a CliError if there is nothing to do.
 */
export async function beginInLedger(side: PipelineSide, operator: Operator, wanted: Wanted): Promise<LedgerTarget> {
  const { topology, ledger } = side;
  const { workloads } = wanted;
  const targetOf = (release: Release) => {
    const production = productionOf(topology, operator, workloads.kindOf, (region) => kindsIn(release, region));
    const task = { plan: production.places, workloads, release: overridden(topology, release, wanted) };
    return { production, task };
  };
  const targetsGone = (release: Release) => {
    const { task } = targetOf(release);
    return goneTargets(task, Object.keys(task.plan.environments));
  };
  const order = { by: 'PERSON', executionId: wanted.execution, because: wanted.because } as const;
  const begun = await retryingConflicts(async () =>
    begin({ ...side, targetsGone }, order, await readBegin(ledger, order)),
  );
  const { release, ...rest } = await stopped(side, begun, wanted.because);
  return { release, ...targetOf(release), ...rest };
}

/** Stops the execution. Returns the release, with notes for a person about how its rollback began. */
async function stopped(
  side: PipelineSide,
  begun: Begun,
  because: string,
): Promise<Pick<LedgerTarget, 'release' | 'ends' | 'ledgerProblem' | 'notes'>> {
  switch (begun.is) {
    case 'NOTHING':
    case 'REFUSED':
      throw new CliError(begun.reason);
    case 'ENDED':
      return { release: begun.release, ends: false, notes: [noteOfEnded(begun), ...notesOf(begun)] };
    case 'ABANDONED': {
      const notes = ['Nothing of it had shifted; production is free.', ...notesOf(begun)];
      return { release: begun.release, ends: false, notes };
    }
    case 'RETURNING': {
      const { release, machine, ledgerProblem } = begun;
      const notes = machine === undefined ? [] : await stop(side, machine, because);
      return { release, ends: ledgerProblem === undefined, ledgerProblem, notes };
    }
  }
}

/** Describes a release that has ended. It is checked again, as long as no later one serves in its place. */
function noteOfEnded({ release, later }: Begun & { readonly is: 'ENDED' }): string {
  const { executionId, ended, reason, returns } = release;
  if (later !== undefined) {
    throw new CliError(`release ${executionId} has ended: ${ended}. Production was taken by release ${later} since`);
  }
  return returns === undefined
    ? `It has ended already: ${ended}, ${reason}.`
    : `It has been rolled back already: ${reason}.`;
}

const notesOf = ({ closed }: { readonly closed?: string }): readonly string[] =>
  closed === undefined ? [] : [`The transitions could not be checked: ${closed}.`];

async function stop(side: PipelineSide, machine: string, because: string): Promise<readonly string[]> {
  try {
    await side.stop(machine, because);
    return [];
  } catch (error) {
    return [`Its state machine could not be stopped, and ends by itself: ${errorText(error)}.`];
  }
}

const kindsIn = ({ candidates }: Release, region: string): Kinds =>
  Object.fromEntries(Object.entries(candidates[region] ?? {}).map(([key, { revision }]) => [key, revision.kind]));

function overridden({ production }: Topology, release: Release, { override, workloads }: Wanted): Release {
  const stables = production.map(({ region }) => {
    const given = Object.entries(kindsIn(release, region)).flatMap(([key, kind]) => {
      const name = override(region, key);
      const stable =
        name === undefined ? release.stables[region]?.[key] : workloads.kindOf(kind).named(name, `${region}/${key}`);
      return stable === undefined ? [] : [[key, stable] as const];
    });
    return [region, Object.fromEntries(given)] as const;
  });
  return { ...release, stables: Object.fromEntries(stables) };
}

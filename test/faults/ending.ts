import type { ReleaseRun } from './release-run';
import { PLAN, RELEASE } from './release-run';

/** The versions of the first release, and of the one that the table is about. */
export const STABLE = '1';
export const CANDIDATE = '2';

/** In which state everything is when a release has ended. */
export interface Ending {
  /** By place: what it serves. */
  readonly served: { readonly [place: string]: string };
  /** The one version that all of production serves; undefined when it does not serve one alone. */
  readonly version: string | undefined;
  /** Deployments that are still running. */
  readonly running: readonly string[];
  readonly held: boolean;
  readonly holder: string | undefined;
  /** How the release has ended, as its own item says. */
  readonly ended: string | undefined;
  /** Stages whose transition is not enabled. */
  readonly disabled: readonly string[];
  /** What the team was told, by its subject. */
  readonly told: readonly string[];
  /** What the alarm says of a rollback that is not complete. */
  readonly incomplete: readonly string[];
}

export async function endingOf({ pipeline, ended }: ReleaseRun, executionId = RELEASE): Promise<Ending> {
  const shares = pipeline.fleet.fleet('PRODUCTION');
  const served = Object.fromEntries(Object.entries(shares).map(([place, each]) => [place, JSON.stringify(each)]));
  const versions = new Set(Object.values(shares).map((each) => onlyOf(each)));
  const { holder, releases } = await pipeline.ledger();
  const production = Object.values(PLAN.environments).filter(({ phase }) => phase === 'PRODUCTION');
  return {
    served,
    version: versions.size === 1 ? [...versions][0] : undefined,
    running: production.flatMap((place) =>
      pipeline.world.codedeploy
        .all(place)
        .filter(({ status }) => !['Succeeded', 'Failed', 'Stopped'].includes(status))
        .map(({ id, description, status }) => `${place.region} ${id} ${status} ${description}`),
    ),
    held: holder?.state === 'HELD',
    holder: holder?.executionId as string | undefined,
    ended: releases[executionId]?.ended as string | undefined,
    disabled: ['UpdatePipeline', 'Canary'].filter((stage) => !pipeline.transition(stage).enabled),
    told: pipeline.told,
    incomplete: ended.filter(({ error }) => error === 'RollbackIncomplete').map(({ cause }) => cause ?? ''),
  };
}

/** The version that serves everything. */
const onlyOf = (shares: { readonly [version: string]: number }): string | undefined => {
  const all = Object.entries(shares).filter(([, share]) => share > 0);
  return all.length === 1 ? all[0][0] : undefined;
};

/** For a report. */
export function endingText({ served, running, held, holder, ended, disabled, incomplete }: Ending): string {
  const fleet = Object.entries(served).map(([place, shares]) => `${place} ${shares}`);
  return [
    fleet.join(', '),
    `release ${ended ?? 'has not ended'}`,
    holder === undefined ? 'production never taken' : `production ${held ? 'held' : 'free'} (${holder})`,
    running.length > 0 ? `running: ${running.join(', ')}` : '',
    disabled.length > 0 ? `disabled: ${disabled.join(', ')}` : '',
    incomplete.length > 0 ? `incomplete: ${incomplete.join(' | ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

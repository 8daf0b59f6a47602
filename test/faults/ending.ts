import type { ReleaseRun } from './release-run';
import { PLAN, RELEASE } from './release-run';

/** Versions of the first release, and of the release with the fault. */
export const STABLE = '1';
export const CANDIDATE = '2';

/** State of everything when a release has ended. */
export interface Ending {
  /** Shares of versions, by place. */
  readonly served: { readonly [place: string]: string };
  /** The only version that production serves; undefined if it serves several. */
  readonly version: string | undefined;
  /** Deployments that are still running. */
  readonly running: readonly string[];
  readonly held: boolean;
  readonly holder: string | undefined;
  /** End of the release, from its own item. */
  readonly ended: string | undefined;
  /** Stages whose transition is not enabled. */
  readonly disabled: readonly string[];
  /** Subjects of the notices to the team. */
  readonly notified: readonly string[];
  /** Alarm's text about a rollback that is not complete. */
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
    notified: pipeline.notices,
    incomplete: ended.filter(({ error }) => error === 'RollbackIncomplete').map(({ cause }) => cause ?? ''),
  };
}

/** Returns the version that serves everything. */
const onlyOf = (shares: { readonly [version: string]: number }): string | undefined => {
  const all = Object.entries(shares).filter(([, share]) => share > 0);
  return all.length === 1 ? all[0][0] : undefined;
};

/** Describes an ending for a report. */
export function endingText({ served, running, held, holder, ended, disabled, incomplete }: Ending): string {
  const fleet = Object.entries(served).map(([place, shares]) => `${place} ${shares}`);
  return [
    fleet.join(', '),
    `release ${ended ?? 'has not ended'}`,
    holder === undefined ? 'production never acquired' : `production ${held ? 'held' : 'free'} (${holder})`,
    running.length > 0 ? `running: ${running.join(', ')}` : '',
    disabled.length > 0 ? `disabled: ${disabled.join(', ')}` : '',
    incomplete.length > 0 ? `incomplete: ${incomplete.join(' | ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

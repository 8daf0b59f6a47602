import { createHash } from 'node:crypto';
import type { DeploymentFacts } from '../../aws/facts';
import type { PublishedRevision } from '../../plan/rollout-plan';
import { type Mark, markOf } from '../../workload/description';
import { appSpec, currentVersion } from '../../workload/lambda/app-spec';

/** What CodeDeploy remembers of one function's deployments. */
export interface GroupHistory {
  readonly environment: string;
  readonly key: string;
  readonly published: PublishedRevision;
  readonly neverPromoteHook: string;
  readonly deployments: readonly DeploymentFacts[];
}

/** Versions that are tried when CodeDeploy tells only the digest of an AppSpec. */
const VERSIONS_TRIED = 200;

/** The pipeline's execution of the release whose deployments are the latest, wherever they are. */
export function lastRelease(histories: readonly GroupHistory[]): string | undefined {
  return histories
    .flatMap(({ deployments }) => deployments)
    .toSorted((a, b) => Date.parse(b.createdAt ?? '') - Date.parse(a.createdAt ?? ''))
    .flatMap((deployment) => shiftMark(deployment)?.executionId ?? [])
    .at(0);
}

/** What one function served before a release: read from what the release's own deployments shifted from. */
export type StableFound =
  | { readonly version: string }
  /** The release has not touched this function. */
  | { readonly untouched: true }
  | { readonly unknown: string };

export function stableBefore(history: GroupHistory, executionId: string): StableFound {
  const ours = history.deployments.filter((deployment) => shiftMark(deployment)?.executionId === executionId);
  if (ours.length === 0) return { untouched: true };
  const versions = new Set(ours.flatMap((deployment) => shiftedFrom(history, deployment) ?? []));
  const [version] = versions;
  if (version === undefined) return { unknown: `the AppSpec of deployment ${ours[0].id} cannot be read` };
  return versions.size === 1
    ? { version }
    : { unknown: `the deployments of release ${executionId} shifted from versions ${[...versions].join(' and ')}` };
}

/** The mark of a deployment of ours that is no return. */
function shiftMark({ description, returns }: DeploymentFacts): Mark | undefined {
  const mark = returns === undefined ? markOf(description) : undefined;
  return mark?.purpose === 'roll back' ? undefined : mark;
}

function shiftedFrom(
  { key, published, neverPromoteHook }: GroupHistory,
  deployment: DeploymentFacts,
): string | undefined {
  const { content, sha256 } = deployment.appSpec;
  if (content) return currentVersion(content);
  if (sha256 === undefined) return undefined;
  const { functionName, alias } = published;
  const latest = Number(published.version);
  const oldest = Math.max(1, latest - VERSIONS_TRIED);
  const isSame = (text: string) => createHash('sha256').update(text).digest('hex') === sha256.toLowerCase();
  for (let to = latest; to >= oldest; to--) {
    for (let from = to; from >= oldest; from--) {
      const shift = { key, functionName, alias, from: String(from), to: String(to) };
      if (isSame(appSpec(shift)) || isSame(appSpec({ ...shift, afterAllowTraffic: neverPromoteHook }))) {
        return String(from);
      }
    }
  }
  return undefined;
}

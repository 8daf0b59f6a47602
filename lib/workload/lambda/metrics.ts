import type { Published, Revision } from '../../plan/revision';
import type { TargetCounts, TargetMetric } from '../metrics';
import { type AliasName, aliasNameOf, versionOf } from './revision';

export const METRICS_NAMESPACE = 'AWS/Lambda';

/** Returns the dimensions of requests to an alias, for whichever version answers; or for one version behind it. */
export const aliasDimensions = (
  { functionName, alias }: AliasName,
  version?: string,
): { readonly [name: string]: string } => ({
  FunctionName: functionName,
  Resource: `${functionName}:${alias}`,
  ...(version !== undefined && { ExecutedVersion: version }),
});

export const requests = (published: Published, revision?: Revision): readonly TargetMetric[] => [
  metric(published, revision, 'Invocations', 'Sum', 'TOTAL'),
  metric(published, revision, 'Errors', 'Sum', 'BAD'),
  metric(published, revision, 'Throttles', 'Sum', 'TOTAL_AND_BAD'),
];

export const latency = (published: Published, thresholdMs: number, revision?: Revision): readonly TargetMetric[] => [
  metric(published, revision, 'Duration', 'SampleCount', 'TOTAL'),
  metric(published, revision, 'Duration', `TC(:${thresholdMs})`, 'GOOD'),
];

function metric(
  { address }: Published,
  revision: Revision | undefined,
  name: string,
  stat: string,
  counts: TargetCounts,
): TargetMetric {
  const dimensions = aliasDimensions(aliasNameOf(address), revision && versionOf(revision));
  return { metric: { namespace: METRICS_NAMESPACE, name, dimensions, stat }, counts };
}

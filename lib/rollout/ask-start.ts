import { readAlarms } from '../aws/cloudwatch';
import { lastSuccessful, recentDeployments } from '../aws/codedeploy';
import { type DeploymentFacts, isOver } from '../aws/facts';
import type { PublishedRevision } from '../plan/rollout-plan';
import { type Mark, markOf, sameMark } from '../workload/description';
import { hasProvisionedConcurrency, readAlias, readVersion } from '../workload/lambda/alias';
import type { AliasFacts, VersionFacts } from '../workload/lambda/alias-facts';
import { shiftsTo } from '../workload/lambda/app-spec';
import type { Place } from '../workload/places';
import { isToStart, type Preflight, type StartFacts } from './decide-start';

/** What is asked about one function: what the ledger says of it, and what watches it. */
export interface StartQuestion {
  readonly candidate: PublishedRevision;
  readonly stable: string | undefined;
  readonly alarmNames: readonly string[];
  /** The mark that a deployment of this rollout has. */
  readonly mark: Mark;
  /** No deployment of interest is older. */
  readonly since: Date;
}

/** Asks an environment about one function, and about its preflight only when it is to be shifted. */
export async function askStart(
  { environment, name, key, functionPlan }: Place,
  question: StartQuestion,
): Promise<StartFacts> {
  const { candidate, stable, mark } = question;
  // The deployments first: one that began in between shows in the alias, never the other way round.
  const deployments = await recentDeployments(environment, functionPlan, question.since);
  const alias = await readAlias(environment, candidate);
  const facts: StartFacts = {
    environment: name,
    key,
    candidate: candidate.version,
    stable,
    alias,
    ours: deployments.filter(({ description }) => sameMark(markOf(description), mark)),
  };
  if (!isToStart(facts) || stable === undefined) return facts;
  const preflight = await askPreflight({ environment, name, key, functionPlan }, question, stable, deployments);
  return { ...facts, preflight };
}

async function askPreflight(
  { environment, functionPlan }: Place,
  { candidate, alarmNames, mark }: StartQuestion,
  stable: string,
  deployments: readonly DeploymentFacts[],
): Promise<Preflight> {
  const { functionName } = candidate;
  const alarms = await readAlarms(environment, alarmNames);
  const provisionedConcurrency = await hasProvisionedConcurrency(environment, candidate);
  const old = await readVersion(environment, functionName, stable);
  const fresh = await readVersion(environment, functionName, candidate.version);
  const last = await lastSuccessful(environment, functionPlan);
  const baselineMark: Mark = { ...mark, purpose: 'baseline' };
  const baseline = deployments.find(({ description }) => sameMark(markOf(description), baselineMark));
  const returnsToStable = last !== undefined && (last.id === baseline?.id || shiftsTo(last.appSpec, stable));
  return {
    busy: deployments.find((deployment) => !isOver(deployment)),
    baseline,
    returnsToStable,
    differences: differences(old, fresh),
    provisionedConcurrency,
    alarmNames,
    alarms,
  };
}

function differences(stable: VersionFacts, candidate: VersionFacts): readonly string[] {
  const found: string[] = [];
  if (stable.role !== candidate.role) found.push(`their execution role (${stable.role}, ${candidate.role})`);
  if (stable.deadLetterQueue !== candidate.deadLetterQueue) {
    const of = (version: VersionFacts) => version.deadLetterQueue ?? 'none';
    found.push(`their dead-letter queue (${of(stable)}, ${of(candidate)})`);
  }
  return found;
}

/** What every alias of an environment serves, where one version serves alone. */
export type Served = { readonly version: string } | { readonly split: AliasFacts } | { readonly missing: true };

export async function askServed({ environment }: Place, candidate: PublishedRevision): Promise<Served> {
  const alias = await readAlias(environment, candidate);
  if (!alias) return { missing: true };
  return Object.values(alias.weights).some((weight) => weight > 0) ? { split: alias } : { version: alias.version };
}

import { readAlarms } from '../aws/cloudwatch';
import { type DeploymentFacts, isOver } from '../aws/facts';
import type { Published, Revision } from '../plan/revision';
import { type Mark, markOf, sameMark } from '../workload/description';
import type { Place } from '../workload/fleet';
import type { Serving } from '../workload/serving';
import { isSplit } from '../workload/serving';
import type { Target, TargetAt } from '../workload/target';
import { isToStart, type Preflight, type StartFacts } from './decide-start';

/** Facts of the ledger about a target that is to be shifted, and the alarms that watch it. */
export interface StartQuestion {
  readonly candidate: Published;
  readonly stable: Revision | undefined;
  readonly alarmNames: readonly string[];
  /** Mark of this rollout's deployments. */
  readonly mark: Mark;
  /** Moment before which no deployment matters. */
  readonly since: Date;
}

/** Reads the state of one target, and its preflight only when it is to be shifted. */
export async function readStart(targetAt: TargetAt, place: Place, question: StartQuestion): Promise<StartFacts> {
  const { name, key } = place;
  const { candidate, stable, mark } = question;
  const target = targetAt(place, candidate.address);
  // The deployments first: one that begins in between shows in the revisions served, never the other way round.
  const deployments = await target.deployments(question.since);
  const serving = await target.serving();
  const facts: StartFacts = {
    environment: name,
    key,
    candidate: candidate.revision,
    stable,
    serving,
    ours: deployments.filter(({ description }) => sameMark(markOf(description), mark)),
  };
  if (!isToStart(facts) || stable === undefined) return facts;
  return { ...facts, preflight: await readPreflight(target, place, question, stable, deployments) };
}

async function readPreflight(
  target: Target,
  { environment }: Place,
  { candidate, alarmNames, mark }: StartQuestion,
  stable: Revision,
  deployments: readonly DeploymentFacts[],
): Promise<Preflight> {
  const alarms = await readAlarms(environment, alarmNames);
  const refusals = await target.preflight(stable, candidate.revision);
  const last = await target.lastSuccessful();
  const anchorMark: Mark = { ...mark, purpose: 'anchor' };
  const anchor = deployments.find(({ description }) => sameMark(markOf(description), anchorMark));
  const returnsToStable = last !== undefined && (last.id === anchor?.id || target.goesTo(last, stable));
  return {
    busy: deployments.find((deployment) => !isOver(deployment)),
    anchor,
    returnsToStable,
    refusals,
    alarmNames,
    alarms,
  };
}

/** Revision that a target serves, where one serves alone. */
export type Served = { readonly revision: Revision } | { readonly split: Serving } | { readonly missing: true };

export async function readServed(target: Target): Promise<Served> {
  const serving = await target.serving();
  if (!serving) return { missing: true };
  return isSplit(serving) ? { split: serving } : { revision: serving.main };
}

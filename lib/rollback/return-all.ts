import { errorText } from '../core/error-text';
import { minutesSince } from '../core/time';
import { placeNames } from '../messages/place-names';
import { type Revision, showRevision } from '../plan/revision';
import { PATIENCE_MINUTES } from '../plan/timing';
import { describeDeployment } from '../workload/description';
import { fanOut, type Place } from '../workload/fleet';
import { type Serving, servesAlone, showServing } from '../workload/serving';
import type { Target } from '../workload/target';
import { decideRollback, type RollbackDecision } from './decide-return';
import { type ReadTarget, type Return, readReturn } from './read-return';
import { isDenied, releasedPlaces, whyLeft } from './released-places';

/** One target after one step of its return. */
export interface ReturnedTarget {
  readonly environment: string;
  readonly key: string;
  /**
   * DONE: on stable, alone. LEFT: stays as it is. OPEN: not on stable yet. GONE: never on stable, because that revision
   * does not exist any more.
   */
  readonly state: 'DONE' | 'LEFT' | 'OPEN' | 'GONE';
  /** Findings and steps, without the names of environment and target. Empty when it is DONE. */
  readonly reason: string;
  /** Whether `reason` is the error because of which the target could not be read. */
  readonly failed?: boolean;
  /** Revisions that it served when it was read, before this step. */
  readonly serves?: string;
  /** Its stable revision, as it is shown. */
  readonly stable?: string;
}

/** Takes one step for every target, all environments side by side. Called again until none is OPEN. */
export async function returnAll(task: Return, environments: readonly string[]): Promise<readonly ReturnedTarget[]> {
  const answers = await fanOut(placesOf(task), environments, (place) => step(task, place));
  return answers.map((answer): ReturnedTarget => {
    const { name: environment, key } = answer.place;
    if ('error' in answer) return { environment, key, state: 'OPEN', failed: true, reason: answer.why };
    const { facts, decision } = answer.value;
    const stable = facts?.stable && showRevision(facts.stable);
    const found = { environment, key, stable, serves: facts?.serving && showServing(facts.serving) };
    switch (decision.do) {
      case 'GONE':
        return { ...found, state: 'GONE', reason: gone(task, answer.place) };
      case 'DONE':
        return { ...found, state: 'DONE', reason: '' };
      case 'LEAVE':
        return { ...found, state: 'LEFT', reason: decision.reason };
      default:
        return { ...found, state: 'OPEN', reason: decision.reason };
    }
  });
}

/** Formats one target: its name, and what was found. */
export function textOf({ environment, key, state, reason, failed }: ReturnedTarget): string {
  const separator = failed || state === 'LEFT' ? ': ' : ' ';
  return `${environment}/${key}${reason ? separator : ''}${reason}`;
}

/** Characters of all reasons. A longer message could be cut before a place. */
const MAX_REASONS = 1_000;

/** Formats what was found of each target. Where that is long, it names every place first. */
export function reasonsOf(targets: readonly ReturnedTarget[]): string {
  const reasons = targets.map(textOf).join('; ');
  if (reasons.length <= MAX_REASONS) return reasons;
  return `not on stable: ${placeNames(targets)}: ${reasons}`;
}

/** Lists the targets that cannot return, because their stable revision does not exist any more. */
export async function goneTargets(task: Return, environments: readonly string[]): Promise<readonly string[]> {
  const answers = await fanOut(placesOf(task), environments, async (place) => {
    const { target, facts } = await readReturn(task, place);
    const { stable, serving } = facts;
    if (!target || stable === undefined || !serving || servesAlone(serving, stable)) return false;
    return target.isMissing(stable);
  });
  return answers.flatMap((answer) =>
    'value' in answer && answer.value ? `${answer.place.name}/${answer.place.key} ${gone(task, answer.place)}` : [],
  );
}

const placesOf = ({ plan, release, workloads }: Return) => ({ plan: releasedPlaces(plan, release, workloads) });

function gone({ release }: Return, { name, key }: Place): string {
  const stable = release.stables[name]?.[key];
  return `cannot return: its ${stable ? showRevision(stable) : 'stable revision'} does not exist any more`;
}

interface Step {
  /** Undefined where the way to CodeDeploy was closed. */
  readonly facts?: ReadTarget['facts'];
  readonly decision: RollbackDecision | { readonly do: 'GONE' };
}

async function step(task: Return, place: Place): Promise<Step> {
  try {
    const read = await readReturn(task, place);
    const decision = decideRollback(read.facts, Date.now());
    return { facts: read.facts, decision: await apply(task, read, decision) };
  } catch (error) {
    const decision = await pointPastCodeDeploy(task, place, error);
    if (decision === undefined) throw error;
    return { decision };
  }
}

async function apply(task: Return, read: ReadTarget, decision: RollbackDecision): Promise<Step['decision']> {
  const { target } = read;
  if (decision.do === 'STOP') await target?.stop(decision.deploymentId);
  if (!target || (decision.do !== 'POINT' && decision.do !== 'RETURN')) return decision;
  if (await target.isMissing(decision.to)) return { do: 'GONE' };
  if (decision.do === 'POINT') await target.point(decision.to, decision.found);
  else await returnTo(task, target, decision);
  return decision;
}

/**
 * Shifts all traffic to `to`. Alarms are off for this deployment, because the firing alarm is the very reason for the
 * return. A failed return does not return by itself.
 */
async function returnTo(
  { release, rollout }: Return,
  target: Target,
  { from, to }: { readonly from: Revision; readonly to: Revision },
): Promise<void> {
  const { executionId, commit } = release;
  const mark = { executionId, rollout: rollout?.name ?? 'on request', attempt: 1, purpose: 'rollback' } as const;
  await target.shift({
    from,
    to,
    description: describeDeployment(mark, rollout?.kind ?? 'WAVE', commit),
    alarms: [],
    returnsOnFailure: false,
    neverPromotes: false,
  });
}

/**
 * Points the target alone at stable after CodeDeploy has refused or not answered for some minutes: that needs neither
 * CodeDeploy nor its group. The target stays open until CodeDeploy answers whether anything still moves there, unless
 * its group is gone.
 *
 * @param error of CodeDeploy, or of the way to it
 * @returns what was found and done; undefined when the target was not checked
 */
async function pointPastCodeDeploy(
  { plan, release, workloads, waitingSince }: Return,
  place: Place,
  error: unknown,
): Promise<RollbackDecision | undefined> {
  const { name, key } = place;
  const candidate = release.candidates[name]?.[key];
  const stable = release.stables[name]?.[key];
  const waited = waitingSince === undefined ? 0 : minutesSince(waitingSince, Date.now());
  // In staging another release may have moved on meanwhile.
  if (plan.environments[name].phase === 'STAGING' || !candidate || stable === undefined) return undefined;
  if (waited < PATIENCE_MINUTES.codeDeploy) return undefined;
  const refusal = errorText(error);
  const left = whyLeft(plan, place, error);
  const stay = (reason: string): RollbackDecision =>
    left ? { do: 'LEAVE', reason: `${left}, ${reason}` } : { do: 'WAIT', reason };
  const target = workloads.targetAt(place, candidate.address);
  const serving = await readServing(target, left !== undefined);
  if (serving instanceof Error) return stay(`and cannot be read: ${errorText(serving)}`);
  if (!serving) return stay(`serves nothing any more: ${refusal}`);
  if (servesAlone(serving, stable)) {
    const doubt = left ? '' : ', but it is unknown whether anything moves there';
    return stay(`serves ${showRevision(stable)}${doubt}: ${refusal}`);
  }
  const serves = `serves ${showServing(serving)} instead of ${showRevision(stable)}`;
  try {
    await target.point(stable, serving);
    return { do: 'WAIT', reason: `${serves}; it is pointed at stable, past CodeDeploy: ${refusal}` };
  } catch (thrown) {
    return { do: 'WAIT', reason: `${serves}, and cannot be pointed there: ${errorText(thrown)}` };
  }
}

/** Reads the revisions that a target serves. The answer for a target that has left may be the refusal to read it. */
async function readServing(target: Target, left: boolean): Promise<Serving | Error | undefined> {
  try {
    return await target.serving();
  } catch (error) {
    if (left && error instanceof Error && isDenied(error)) return error;
    throw error;
  }
}

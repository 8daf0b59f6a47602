import { createDeployment, stopDeployment } from '../aws/codedeploy';
import { errorText } from '../core/error-text';
import { minutesSince } from '../core/time';
import { placeNames } from '../messages/place-names';
import { ALL_AT_ONCE } from '../plan/names';
import { PATIENCE_MINUTES } from '../plan/timing';
import { describeDeployment } from '../workload/description';
import { type AliasName, isMissing, pointAlias, readAlias } from '../workload/lambda/alias';
import { type AliasFacts, servesAlone, traffic } from '../workload/lambda/alias-facts';
import { appSpec } from '../workload/lambda/app-spec';
import { askPlaces, type Place } from '../workload/places';
import { decideRollBack, type RollBackDecision } from './decide-return';
import { type ReadFunction, type Return, readReturn } from './read-return';
import { isDenied, releasedPlaces, whyLeft } from './released-places';

/** One function after one step of its return. */
export interface ReturnedFunction {
  readonly environment: string;
  readonly key: string;
  /**
   * DONE: on stable, alone. LEFT: stays as it is. OPEN: not on stable yet. GONE: never will be, since that version does
   * not exist any more.
   */
  readonly state: 'DONE' | 'LEFT' | 'OPEN' | 'GONE';
  /** Says what was found and done, and names neither the environment nor the function. Empty when it is DONE. */
  readonly reason: string;
  /** Whether `reason` is the error because of which the function could not be read. */
  readonly failed?: boolean;
  /** What it served when it was read, before this step. */
  readonly serves?: string;
  readonly stable?: string;
}

/** Takes one step for every function, all environments side by side. Called again until none is OPEN. */
export async function returnAll(task: Return, environments: readonly string[]): Promise<readonly ReturnedFunction[]> {
  const answers = await askPlaces(placesOf(task), environments, (place) => step(task, place));
  return answers.map((answer): ReturnedFunction => {
    const { name: environment, key } = answer.place;
    if ('error' in answer) return { environment, key, state: 'OPEN', failed: true, reason: answer.why };
    const { facts, decision } = answer.value;
    const found = { environment, key, stable: facts?.stable, serves: facts?.alias && traffic(facts.alias) };
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

/** The function by its name, with what was found of it. */
export function textOf({ environment, key, state, reason, failed }: ReturnedFunction): string {
  const separator = failed || state === 'LEFT' ? ': ' : ' ';
  return `${environment}/${key}${reason ? separator : ''}${reason}`;
}

/** Beyond, a message that cuts its end could leave out a place. */
const MAX_REASONS = 1_000;

/** What was found of each. Where that is long, every place is named first. */
export function reasonsOf(functions: readonly ReturnedFunction[]): string {
  const reasons = functions.map(textOf).join('; ');
  if (reasons.length <= MAX_REASONS) return reasons;
  return `not on stable: ${placeNames(functions)}: ${reasons}`;
}

/** Functions that could not return, because the version that they should return to does not exist any more. */
export async function goneTargets(task: Return, environments: readonly string[]): Promise<readonly string[]> {
  const answers = await askPlaces(placesOf(task), environments, async (place) => {
    const { candidate, facts } = await readReturn(task, place);
    const { stable, alias } = facts;
    if (!candidate || stable === undefined || !alias || servesAlone(alias, stable)) return false;
    return isMissing(place.environment, candidate.functionName, stable);
  });
  return answers.flatMap((answer) =>
    'value' in answer && answer.value ? `${answer.place.name}/${answer.place.key} ${gone(task, answer.place)}` : [],
  );
}

const placesOf = ({ plan, release }: Return) => ({ plan: releasedPlaces(plan, release) });

const gone = ({ release }: Return, { name, key }: Place): string =>
  `cannot return: its version ${release.stables[name]?.[key]} does not exist any more`;

interface Step {
  /** Undefined where the way to CodeDeploy was closed. */
  readonly facts?: ReadFunction['facts'];
  readonly decision: RollBackDecision | { readonly do: 'GONE' };
}

async function step(task: Return, place: Place): Promise<Step> {
  try {
    const read = await readReturn(task, place);
    const decision = decideRollBack(read.facts, Date.now());
    return { facts: read.facts, decision: await apply(task, read, decision) };
  } catch (error) {
    const decision = await pointPastCodeDeploy(task, place, error);
    if (decision === undefined) throw error;
    return { decision };
  }
}

async function apply(task: Return, read: ReadFunction, decision: RollBackDecision): Promise<Step['decision']> {
  const { place, candidate } = read;
  if (decision.do === 'STOP') await stopDeployment(place.environment, decision.deploymentId);
  if (!candidate || (decision.do !== 'POINT' && decision.do !== 'RETURN')) return decision;
  if (await isMissing(place.environment, candidate.functionName, decision.to)) return { do: 'GONE' };
  if (decision.do === 'POINT') await pointAlias(place.environment, candidate, decision);
  else await returnTo(task, read, decision);
  return decision;
}

/**
 * Shifts everything to `to`. Nothing stops this deployment: its alarms are off, since the one that fires is the very
 * reason for the return; and it does not itself return when it fails.
 */
async function returnTo(
  { release, rollout }: Return,
  { place, candidate }: ReadFunction,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  if (!candidate) return;
  const { functionName, alias } = candidate;
  const { executionId, commit } = release;
  const mark = { executionId, rollout: rollout?.name ?? 'asked for', attempt: 1, purpose: 'roll back' } as const;
  await createDeployment(place.environment, {
    application: place.functionPlan.application,
    deploymentGroup: place.functionPlan.deploymentGroup,
    deploymentConfig: ALL_AT_ONCE,
    description: describeDeployment(mark, rollout?.kind ?? 'WAVE', commit),
    appSpec: appSpec({ key: place.key, functionName, alias, from, to }),
    returnsOnFailure: false,
    alarms: [],
  });
}

/**
 * When CodeDeploy has refused or not answered for some minutes, the alias alone is pointed at stable: that needs neither
 * CodeDeploy nor its group. The function stays open until CodeDeploy can be asked whether anything still moves there,
 * unless its group is gone.
 *
 * @param error of CodeDeploy, or of the way to it
 * @returns what was found and done; undefined when the alias was not looked at
 */
async function pointPastCodeDeploy(
  { plan, release, waitingSince }: Return,
  place: Place,
  error: unknown,
): Promise<RollBackDecision | undefined> {
  const { name, key, environment } = place;
  const candidate = release.candidates[name]?.[key];
  const stable = release.stables[name]?.[key];
  const waited = waitingSince === undefined ? 0 : minutesSince(waitingSince, Date.now());
  // In staging another release may have moved on meanwhile.
  if (plan.environments[name].phase === 'STAGING' || !candidate || stable === undefined) return undefined;
  if (waited < PATIENCE_MINUTES.codeDeploy) return undefined;
  const refusal = errorText(error);
  const left = whyLeft(plan, place, error);
  const stay = (reason: string): RollBackDecision =>
    left ? { do: 'LEAVE', reason: `${left}, ${reason}` } : { do: 'WAIT', reason };
  const alias = await readAliasOf(place, candidate, left !== undefined);
  if (alias instanceof Error) return stay(`and cannot be read: ${errorText(alias)}`);
  if (!alias) return stay(`has no alias any more: ${refusal}`);
  if (servesAlone(alias, stable)) {
    const doubt = left ? '' : ', but whether anything moves there is not known';
    return stay(`serves version ${stable}${doubt}: ${refusal}`);
  }
  const serves = `serves ${traffic(alias)} instead of version ${stable}`;
  try {
    await pointAlias(environment, candidate, { to: stable, revisionId: alias.revisionId });
    return { do: 'WAIT', reason: `${serves}; its alias is pointed at stable, past CodeDeploy: ${refusal}` };
  } catch (thrown) {
    return { do: 'WAIT', reason: `${serves}, and its alias cannot be pointed there: ${errorText(thrown)}` };
  }
}

/** The alias. Of a function that has left, also the refusal to read it. */
async function readAliasOf(
  { environment }: Place,
  name: AliasName,
  left: boolean,
): Promise<AliasFacts | Error | undefined> {
  try {
    return await readAlias(environment, name);
  } catch (error) {
    if (left && error instanceof Error && isDenied(error)) return error;
    throw error;
  }
}

import { stopDeployment } from '../aws/codedeploy';
import { errorText } from '../core/error-text';
import { minutesSince } from '../core/time';
import type { Release } from '../ledger/items';
import { placeNames } from '../messages/place-names';
import type { RolloutKind } from '../plan/rollout-plan';
import { PATIENCE_MINUTES } from '../plan/timing';
import { type AliasName, isMissing, pointAlias, readAlias } from '../workload/lambda/alias';
import { type AliasFacts, servesAlone, traffic } from '../workload/lambda/alias-facts';
import { askPlaces, type Place, type Places } from '../workload/places';
import { askRollBack, type RollBackAnswer, returnTo } from './ask-roll-back';
import { decideRollBack, type RollBackDecision } from './decide';
import { isDenied, releasedPlaces, whyLeft } from './released-places';

/** What is to return, and to what. */
export interface Return {
  readonly plan: Places;
  readonly release: Pick<Release, 'executionId' | 'commit' | 'candidates' | 'stables'>;
  /** The rollout that turned bad; undefined when somebody asked for the return. */
  readonly rollout?: { readonly name: string; readonly kind: RolloutKind };
  /** Since when the return has been waited for; ISO 8601. */
  readonly waitingSince?: string;
}

/** What was found of one function. */
export interface ReturnedFunction {
  readonly environment: string;
  readonly key: string;
  /**
   * DONE: on stable, alone. LEFT: stays as it is. OPEN: not on stable yet. GONE: never will be, since that version does
   * not exist any more.
   */
  readonly state: 'DONE' | 'LEFT' | 'OPEN' | 'GONE';
  /** Names the function, and what it serves unless it is DONE. */
  readonly reason: string;
  /** What it served when it was asked, before this step. */
  readonly serves?: string;
  readonly stable?: string;
}

/** One step for every function, all environments side by side. Asked again until none is OPEN. */
export async function returnAll(task: Return, environments: readonly string[]): Promise<readonly ReturnedFunction[]> {
  const answers = await askPlaces(placesOf(task), environments, async (place): Promise<Step> => {
    try {
      const asked = await askRollBack(task, place);
      const decision = decideRollBack(asked.facts, Date.now());
      return { facts: asked.facts, decision: (await act(task, asked, decision)) ?? decision };
    } catch (error) {
      const decision = await pointPastCodeDeploy(task, place, error);
      if (decision === undefined) throw error;
      return { decision };
    }
  });
  return answers.map((answer): ReturnedFunction => {
    const { name: environment, key } = answer.place;
    const at = `${environment}/${key}`;
    if ('error' in answer) return { environment, key, state: 'OPEN', reason: answer.error };
    const { facts, decision } = answer.value;
    const found = { environment, key, stable: facts?.stable, serves: facts?.alias && traffic(facts.alias) };
    if (decision === 'GONE') return { ...found, state: 'GONE', reason: gone(task, answer.place) };
    if (decision.do === 'DONE') return { ...found, state: 'DONE', reason: at };
    return decision.do === 'LEAVE'
      ? { ...found, state: 'LEFT', reason: `${at}: ${decision.reason}` }
      : { ...found, state: 'OPEN', reason: `${at} ${decision.reason}` };
  });
}

/** Beyond, a message that cuts its end could leave out a place. */
const MAX_REASONS = 1_000;

/** What was found of each. Where that is long, every place is named first. */
export function reasonsOf(functions: readonly ReturnedFunction[]): string {
  const reasons = functions.map(({ reason }) => reason).join('; ');
  if (reasons.length <= MAX_REASONS) return reasons;
  return `not on stable: ${placeNames(functions)}: ${reasons}`;
}

interface Step {
  /** Undefined where the way to CodeDeploy was closed. */
  readonly facts?: RollBackAnswer['facts'];
  readonly decision: RollBackDecision | 'GONE';
}

/** Functions that could not return, because the version that they should return to does not exist any more. */
export async function goneTargets(task: Return, environments: readonly string[]): Promise<readonly string[]> {
  const answers = await askPlaces(placesOf(task), environments, async (place) => {
    const { candidate, facts } = await askRollBack(task, place);
    const { stable, alias } = facts;
    if (!candidate || stable === undefined || !alias || servesAlone(alias, stable)) return false;
    return isMissing(place.environment, candidate.functionName, stable);
  });
  return answers.flatMap((answer) => ('value' in answer && answer.value ? gone(task, answer.place) : []));
}

const placesOf = ({ plan, release }: Return) => ({ plan: releasedPlaces(plan, release) });

const gone = ({ release }: Return, { name, key }: Place): string =>
  `${name}/${key} cannot return: its version ${release.stables[name]?.[key]} does not exist any more`;

async function act(task: Return, asked: RollBackAnswer, decision: RollBackDecision): Promise<'GONE' | undefined> {
  const { place, candidate } = asked;
  if (decision.do === 'STOP') await stopDeployment(place.environment, decision.deploymentId);
  if (!candidate || (decision.do !== 'POINT' && decision.do !== 'RETURN')) return undefined;
  if (await isMissing(place.environment, candidate.functionName, decision.to)) return 'GONE';
  if (decision.do === 'POINT') await pointAlias(place.environment, candidate, decision);
  else await returnTo(task, asked, decision);
  return undefined;
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

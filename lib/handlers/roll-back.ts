import { askRollBack, type RollBackAnswer, returnTo } from '../aws/ask-roll-back';
import { stopDeployment } from '../aws/code-deploy';
import { errorText } from '../aws/error-text';
import { pointAlias, readAlias } from '../aws/lambda-alias';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { askPlaces, type Place } from '../aws/places';
import { productionOf, rolloutHandler } from '../aws/rollout-handler';
import { transitionsOfPipeline } from '../aws/transitions';
import { endRolledBack, finish } from '../ledger/end';
import { letGo } from '../ledger/hold';
import type { Release } from '../ledger/items';
import { ignoringConflict, type Ledger } from '../ledger/ledger';
import { standing } from '../ledger/standing';
import { servesAlone } from '../rollout/facts';
import type { RolloutTask } from '../rollout/parse-state';
import { isoTime, minutesSince, PATIENCE_MINUTES } from '../rollout/patience';
import { decideRollBack, type RollBackDecision } from '../rollout/roll-back-decision';
import type { Outcome, RollBackError } from '../rollout/state';
import { waitOr } from '../rollout/waiting';

/** Returns every environment of the release to its stable revision. */
export const handler = rolloutHandler('roll-back', rollBack);

async function rollBack(task: RolloutTask): Promise<Outcome> {
  const because = causeOf(task);
  try {
    const ledger = ledgerOfPipeline();
    const release = await ledger.release(task.executionId);
    if (!release)
      return end('REFUSED', 'Refused', `nothing of release ${task.executionId} is in the ledger: ${because}`);
    return task.thisRollout.kind === 'STAGING'
      ? await rollBackStaging(ledger, task, release, because)
      : await rollBackProduction(ledger, task, release, because);
  } catch (error) {
    return wait(task, because, errorText(error));
  }
}

/** Why the release is bad: kept from the first call, what the machine caught, or what the last handler said. */
function causeOf({ last, caught }: RolloutTask): string {
  if (caught) return errorText(new Error([caught.Error, caught.Cause].filter(Boolean).join(': ')));
  return last?.because ?? last?.reason ?? 'a roll back was asked for';
}

async function rollBackStaging(ledger: Ledger, task: RolloutTask, release: Release, because: string): Promise<Outcome> {
  const { rollout, executionId } = task;
  const before = release.rollouts[rollout];
  if (!before?.shifted) return nothingShifted(because);
  if (before.state === 'ROLLED_BACK') return end('DONE', 'RolledBack', before.reason);
  const names = Object.keys(task.thisRollout.environments);
  const result = await returnAll(task, release, names);
  if (result.open.length > 0) return wait(task, because, result.open.join('; '));
  const reason = rolledBack('the revision before', names, result.left, because);
  const { attempt, shifted } = before;
  const at = isoTime(Date.now());
  await ledger.recordRollout(executionId, rollout, { state: 'ROLLED_BACK', reason, at, attempt, shifted }, undefined);
  return end('DONE', 'RolledBack', reason);
}

async function rollBackProduction(
  ledger: Ledger,
  task: RolloutTask,
  release: Release,
  because: string,
): Promise<Outcome> {
  if (release.ended === 'ROLLED_BACK') {
    await finish(ledger, release, release.token);
    return await ended(ledger, because, release);
  }
  const may = standing(task.executionId, { holder: await ledger.holder(), release });
  if (!may.holds) return end('REFUSED', 'Refused', `no roll back, since ${may.reason}: ${because}`);
  const production = Object.entries(release.rollouts).filter(([name]) => task.plan.rollouts[name]?.kind !== 'STAGING');
  if (!production.some(([, { shifted }]) => shifted)) return nothingShifted(because);
  if (!release.rollingBackSince) {
    await ignoringConflict(ledger.markRollingBack(task.executionId, isoTime(Date.now())));
  }
  const names = productionOf(task);
  const result = await returnAll(task, release, names);
  if (result.open.length > 0) return wait(task, because, result.open.join('; '));
  const stable = await ledger.stable();
  const reason = rolledBack(stable ? `commit ${stable.commit}` : 'the revision before', names, result.left, because);
  // Read again: the mark was written since.
  await endRolledBack(ledger, (await ledger.release(task.executionId)) ?? release, reason);
  return await ended(ledger, because, { reason });
}

/** All is on stable, and production is free: the next release may come, too. */
async function ended(
  ledger: Ledger,
  because: string,
  { reason = because, endedAt }: Pick<Release, 'reason' | 'endedAt'>,
): Promise<Outcome> {
  try {
    await letGo(ledger, transitionsOfPipeline());
    return end('DONE', 'RolledBack', reason);
  } catch (error) {
    // A patience of its own, from the end on: that of the roll back may be used up.
    return waitOr((why) => end('DONE', 'RolledBack', `${reason}; ${why}`), {
      last: endedAt === undefined ? undefined : { next: 'WAIT', reason, waitingSince: endedAt },
      now: Date.now(),
      patienceMinutes: PATIENCE_MINUTES.letGo,
      reason: `the transitions could not be enabled: ${errorText(error)}`,
      keep: { because },
    });
  }
}

interface Returned {
  /** What is not on stable yet, and why. */
  readonly open: readonly string[];
  /** What stays as it is, and why. */
  readonly left: readonly string[];
}

/** One step for every function, all environments side by side. */
async function returnAll(task: RolloutTask, release: Release, names: readonly string[]): Promise<Returned> {
  const answers = await askPlaces(task, names, async (place): Promise<RollBackDecision> => {
    try {
      const asked = await askRollBack(task, release, place);
      const decision = decideRollBack(asked.facts, Date.now());
      await act(task, asked, decision);
      return decision;
    } catch (error) {
      await pointPastCodeDeploy(task, release, place);
      throw error;
    }
  });
  const open: string[] = [];
  const left: string[] = [];
  for (const answer of answers) {
    const at = `${answer.place.name}/${answer.place.key}`;
    if ('error' in answer) open.push(answer.error);
    else if (answer.value.do === 'LEAVE') left.push(`${at}: ${answer.value.reason}`);
    else if (answer.value.do !== 'DONE') open.push(`${at} ${answer.value.reason}`);
  }
  return { open, left };
}

async function act(task: RolloutTask, asked: RollBackAnswer, decision: RollBackDecision): Promise<void> {
  const { place, candidate } = asked;
  if (decision.do === 'POINT' && candidate) await pointAlias(place.environment, candidate, decision);
  if (decision.do === 'STOP') await stopDeployment(asked.place.environment, decision.deploymentId);
  if (decision.do === 'RETURN') await returnTo(task, asked, decision);
}

/**
 * When CodeDeploy has refused or not answered for some minutes, the alias alone is pointed at stable: that needs neither
 * CodeDeploy nor its group. The function stays open until CodeDeploy can be asked whether anything still moves there.
 */
async function pointPastCodeDeploy({ last, plan }: RolloutTask, release: Release, place: Place): Promise<void> {
  const { name, key, environment } = place;
  const candidate = release.candidates[name]?.[key];
  const stable = release.stables[name]?.[key];
  const waited = last?.waitingSince === undefined ? 0 : minutesSince(last.waitingSince, Date.now());
  // In staging another release may have moved on meanwhile.
  if (plan.environments[name].phase === 'STAGING' || !candidate || stable === undefined) return;
  if (waited < PATIENCE_MINUTES.codeDeploy) return;
  const alias = await readAlias(environment, candidate);
  if (!alias || servesAlone(alias, stable)) return;
  await pointAlias(environment, candidate, { to: stable, revisionId: alias.revisionId });
}

const rolledBack = (to: string, names: readonly string[], left: readonly string[], because: string): string =>
  `rolled back to ${to} in ${names.join(', ')}: ${because}${left.length > 0 ? ` (left as it is: ${left.join('; ')})` : ''}`;

const nothingShifted = (because: string): Outcome =>
  end('REFUSED', 'Refused', `nothing has shifted, so there is nothing to roll back: ${because}`);

const end = (next: 'DONE' | 'REFUSED', error: RollBackError, reason: string): Outcome => ({ next, error, reason });

function wait(task: RolloutTask, because: string, reason: string): Outcome {
  const incomplete = (why: string) =>
    end('REFUSED', 'RollBackIncomplete', `the roll back is not complete, production stays held: ${why}; ${because}`);
  return waitOr(incomplete, {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.rollBack,
    reason: `rolls back: ${reason}`,
    keep: { because },
  });
}

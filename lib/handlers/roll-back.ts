import { askRollBack, type RollBackAnswer, returnTo } from '../aws/ask-roll-back';
import { stopDeployment } from '../aws/code-deploy';
import { errorText } from '../aws/error-text';
import { pointAlias, readAlias } from '../aws/lambda-alias';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { askPlaces, type Place } from '../aws/places';
import { productionOf, rolloutHandler } from '../aws/rollout-handler';
import { transitionsOfPipeline } from '../aws/transitions';
import { abandon } from '../ledger/abandon';
import { endRolledBack, finish } from '../ledger/end';
import { letGo } from '../ledger/hold';
import type { Release } from '../ledger/items';
import { ignoringConflict, type Ledger } from '../ledger/ledger';
import { standing } from '../ledger/standing';
import { hasMoved } from '../ledger/started';
import { servesAlone } from '../rollout/facts';
import { type Asked, parseRollBack, type RollBackTask } from '../rollout/parse-roll-back';
import { HANDLER_MINUTES, isoTime, minutesSince, PATIENCE_MINUTES } from '../rollout/patience';
import { decideRollBack, type RollBackDecision } from '../rollout/roll-back-decision';
import { ShapeError } from '../rollout/shape';
import type { Outcome, RollBackError } from '../rollout/state';
import { waitOr } from '../rollout/waiting';

const rollBackHandler = rolloutHandler('roll-back', rollBack, parseRollBack);

/** Returns every environment of the release to its stable revision. */
export async function handler(event: unknown): Promise<Outcome> {
  try {
    return await rollBackHandler(event);
  } catch (error) {
    // Asking again would not make it readable.
    if (error instanceof ShapeError) return end('REFUSED', 'Refused', error.message);
    throw error;
  }
}

async function rollBack(task: RollBackTask): Promise<Outcome> {
  const because = causeOf(task);
  try {
    const ledger = ledgerOfPipeline();
    const release = await ledger.release(task.executionId);
    if (task.asked) return await rollBackAsked(ledger, task, task.asked, release, because);
    if (!release)
      return end('REFUSED', 'Refused', `nothing of release ${task.executionId} is in the ledger: ${because}`);
    return task.thisRollout?.kind === 'STAGING'
      ? await rollBackStaging(ledger, task, release, because)
      : await rollBackProduction(ledger, task, release, because);
  } catch (error) {
    return wait(task, because, errorText(error));
  }
}

/** Why the release is bad: kept from the first call, what the machine caught, or what the last handler said. */
function causeOf({ last, caught, asked }: RollBackTask): string {
  if (asked) return asked.because;
  if (caught) return errorText(new Error([caught.Error, caught.Cause].filter(Boolean).join(': ')));
  return last?.because ?? last?.reason ?? 'a roll back was asked for';
}

async function rollBackStaging(
  ledger: Ledger,
  task: RollBackTask,
  release: Release,
  because: string,
): Promise<Outcome> {
  const { rollout = 'staging', executionId, thisRollout } = task;
  const before = release.rollouts[rollout];
  if (!before?.shifted) return nothingShifted(because);
  if (before.state === 'ROLLED_BACK') return end('DONE', 'RolledBack', before.reason);
  const names = Object.keys(thisRollout?.environments ?? {});
  const result = await returnAll(task, release, names);
  if (result.open.length > 0) return wait(task, because, result.open.join('; '));
  const reason = rolledBack('the revision before', names, result.left, because);
  const { attempt, shifted } = before;
  const at = isoTime(Date.now());
  await ledger.recordRollout(executionId, rollout, { state: 'ROLLED_BACK', reason, at, attempt, shifted }, undefined);
  return end('DONE', 'RolledBack', reason);
}

/** Of a rollout that turned bad: it is the only one of its release that runs. */
async function rollBackProduction(
  ledger: Ledger,
  task: RollBackTask,
  release: Release,
  because: string,
): Promise<Outcome> {
  if (release.ended === 'ROLLED_BACK') {
    await finish(ledger, release, release.token);
    return await ended(ledger, because, release);
  }
  const may = standing(task.executionId, { holder: await ledger.holder(), release });
  if (!may.holds) return end('REFUSED', 'Refused', `no roll back, since ${may.reason}: ${because}`);
  if (!hasShifted(task, release)) return nothingShifted(because);
  if (!release.rollingBackSince) {
    await ignoringConflict(ledger.markRollingBack(task.executionId, isoTime(Date.now())));
  }
  return returnProduction(ledger, task, release, because);
}

/**
 * Of a release that somebody wants back: a person, or the safety net. Its rollout may be running. Where nothing is to be
 * done this is the usual answer, and no failure.
 */
async function rollBackAsked(
  ledger: Ledger,
  task: RollBackTask,
  asked: Asked,
  release: Release | undefined,
  because: string,
): Promise<Outcome> {
  const { executionId } = task;
  if (asked.ofStaging) return nothing(`staging has nothing to do with production: ${because}`);
  if (!release) return nothing(`nothing of release ${executionId} is in the ledger: ${because}`);
  if (release.ended) {
    await finish(ledger, release, release.token);
    const reason = release.reason ?? because;
    if (task.last && release.ended === 'ROLLED_BACK') return await ended(ledger, because, release);
    await letGo(ledger, transitionsOfPipeline());
    return nothing(`release ${executionId} has ended already: ${release.ended}, ${reason}`);
  }
  const may = standing(executionId, { holder: await ledger.holder(), release });
  if (!may.holds) return nothing(`no roll back, since ${may.reason}: ${because}`);
  // A publish that failed, or a stage that was refused: no traffic is on the candidate, and a retry may go on from here.
  if (asked.failed && !hasMoved(release, task.plan)) {
    return nothing(`no traffic is on the candidate of release ${executionId}, its stage may be retried: ${because}`);
  }
  if (!hasShifted(task, release)) {
    const reason = `ended before anything of it had shifted: ${because}`;
    await abandon(ledger, release, reason);
    await letGo(ledger, transitionsOfPipeline());
    return nothing(`release ${executionId} ${reason}; production is free`);
  }
  if (!release.rollingBackSince) {
    await ledger.markRollingBack(executionId, isoTime(Date.now()));
    const { machine } = release;
    if (machine) return { next: 'STOP', reason: `release ${executionId} is rolled back: ${because}`, because, machine };
  }
  return returnProduction(ledger, task, release, because);
}

/** One round for all production environments, not just those of one rollout. */
async function returnProduction(
  ledger: Ledger,
  task: RollBackTask,
  release: Release,
  because: string,
): Promise<Outcome> {
  const names = productionOf(task);
  const result = await returnAll(task, release, names);
  if (result.open.length > 0) return wait(task, because, result.open.join('; '));
  if (task.asked && mayStillStart(release)) {
    return wait(task, because, 'a handler that was running when the roll back began may still start deployments');
  }
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

/**
 * Stopping an execution does not stop the handler that it is running; the ledger keeps the next one from starting. A
 * minute more is for what that handler asked for at its very end.
 */
const mayStillStart = ({ rollingBackSince }: Release): boolean =>
  rollingBackSince === undefined || minutesSince(rollingBackSince, Date.now()) <= HANDLER_MINUTES + 1;

const hasShifted = ({ plan }: RollBackTask, { rollouts }: Release): boolean =>
  Object.entries(rollouts).some(([name, { shifted }]) => shifted && plan.rollouts[name]?.kind !== 'STAGING');

interface Returned {
  /** What is not on stable yet, and why. */
  readonly open: readonly string[];
  /** What stays as it is, and why. */
  readonly left: readonly string[];
}

/** One step for every function, all environments side by side. */
async function returnAll(task: RollBackTask, release: Release, names: readonly string[]): Promise<Returned> {
  const answers = await askPlaces(task, names, async (place): Promise<RollBackDecision> => {
    try {
      const asked = await askRollBack(task, release, place);
      const decision = decideRollBack(asked.facts, Date.now());
      await act(task, release, asked, decision);
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

async function act(
  task: RollBackTask,
  release: Release,
  asked: RollBackAnswer,
  decision: RollBackDecision,
): Promise<void> {
  const { place, candidate } = asked;
  if (decision.do === 'POINT' && candidate) await pointAlias(place.environment, candidate, decision);
  if (decision.do === 'STOP') await stopDeployment(asked.place.environment, decision.deploymentId);
  if (decision.do === 'RETURN') await returnTo(task, release, asked, decision);
}

/**
 * When CodeDeploy has refused or not answered for some minutes, the alias alone is pointed at stable: that needs neither
 * CodeDeploy nor its group. The function stays open until CodeDeploy can be asked whether anything still moves there.
 */
async function pointPastCodeDeploy({ last, plan }: RollBackTask, release: Release, place: Place): Promise<void> {
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

const nothing = (reason: string): Outcome => ({ next: 'NOTHING', reason });

const end = (next: 'DONE' | 'REFUSED', error: RollBackError, reason: string): Outcome => ({ next, error, reason });

function wait(task: RollBackTask, because: string, reason: string): Outcome {
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

import { composeWithLink } from '../aws/compose-message';
import { dropDeadline } from '../aws/deadlines';
import { errorText } from '../aws/error-text';
import { holdForWhoAsked } from '../aws/hold-for-who-asked';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { functionsOf } from '../aws/places';
import { goneTargets, type Return, type ReturnedFunction, reasonsOf, returnAll } from '../aws/return-all';
import { productionOf, rolloutHandler } from '../aws/rollout-handler';
import { transitionsOfPipeline } from '../aws/transitions';
import { abandon } from '../ledger/abandon';
import { endRolledBack, finish } from '../ledger/end';
import { letGo } from '../ledger/hold';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { returnedId, takeBack, whyNotReturned } from '../ledger/returned';
import { standing } from '../ledger/standing';
import { hasMoved } from '../ledger/started';
import { LedgerConflict } from '../ledger/update';
import { returning } from '../messages/rollout-messages';
import { type Asked, parseRollBack, type RollBackTask } from '../rollout/parse-roll-back';
import { HANDLER_MINUTES, isoTime, minutesSince, PATIENCE_MINUTES } from '../rollout/patience';
import { ShapeError } from '../rollout/shape';
import type { Outcome, RollBackError } from '../rollout/state';
import { waitOr } from '../rollout/waiting';

const rollBackHandler = rolloutHandler('roll-back', rollBack, parseRollBack, returning);

/** Returns every environment of the release to its stable revision. */
export async function handler(event: unknown): Promise<Outcome> {
  try {
    return await rollBackHandler(event);
  } catch (error) {
    // Asking again would not make it readable.
    if (error instanceof ShapeError) return unreadable(event, error.message);
    throw error;
  }
}

/** Of a version that this code does not know, mostly: what its rollout has shifted is not known here either. */
function unreadable(event: unknown, reason: string): Outcome {
  const { executionId, commit } = (event ?? {}) as { readonly [field: string]: unknown };
  const telling = {
    kind: 'ROLL_BACK_INCOMPLETE',
    service: process.env.PIPELINE_NAME ?? 'not known',
    executionId: typeof executionId === 'string' ? executionId : 'not known',
    commit: typeof commit === 'string' ? commit : undefined,
    where: ['not known'],
    why: `the order to roll back cannot be read, and nothing was done: ${reason}`,
  } as const;
  return { ...end('REFUSED', 'Refused', reason), message: composeWithLink(telling) };
}

async function rollBack(task: RollBackTask): Promise<Outcome> {
  const outcome = await rollBackHeld(task);
  const isOver = outcome.error === 'RolledBack' || outcome.ended !== undefined;
  const { plan, executionId, thisRollout } = task;
  if (isOver && thisRollout?.kind !== 'STAGING') await dropDeadline({ service: plan.service, executionId });
  return outcome;
}

async function rollBackHeld(task: RollBackTask): Promise<Outcome> {
  const by = task.asked?.person;
  if (by === undefined) return rollBackOrWait(task);
  // Once only: who ends the hold while the roll back goes on wants it to stay ended.
  const held = task.last?.held || (await holdForWhoAsked(task.plan.service, by, causeOf(task)));
  const outcome = await rollBackOrWait(task);
  if (outcome.next === 'WAIT' || outcome.next === 'STOP') return { ...outcome, held };
  const { service } = task.plan;
  return { ...outcome, reason: `${outcome.reason}; ${held ? until(service) : 'the pipeline could not be held'}` };
}

const until = (service: string): string =>
  `no release follows until: npx deployment-pipeline resume --service ${service}`;

async function rollBackOrWait(task: RollBackTask): Promise<Outcome> {
  const because = causeOf(task);
  let commit: string | undefined;
  try {
    const ledger = ledgerOfPipeline();
    const release = await ledger.release(task.executionId);
    commit = release?.commit;
    return { ...(await rollBackKnown(ledger, task, release, because)), commit };
  } catch (error) {
    const reason = `${errorText(error)}; not known is therefore what ${functionsOf(task, namesOf(task)).join(', ')} serve`;
    return { ...wait(task, because, reason), commit };
  }
}

async function rollBackKnown(
  ledger: Ledger,
  task: RollBackTask,
  release: Release | undefined,
  because: string,
): Promise<Outcome> {
  if (task.asked) return await rollBackAsked(ledger, task, task.asked, release, because);
  if (!release) return end('REFUSED', 'Refused', `nothing of release ${task.executionId} is in the ledger: ${because}`);
  return task.thisRollout?.kind === 'STAGING'
    ? await rollBackStaging(ledger, task, release, because)
    : await rollBackProduction(ledger, task, release, because);
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
  const { rollout = 'staging', executionId } = task;
  const before = release.rollouts[rollout];
  if (!before?.shifted) return nothingShifted(because);
  if (before.state === 'ROLLED_BACK') return end('DONE', 'RolledBack', before.reason);
  const names = namesOf(task);
  const result = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, result);
  if (open) return open;
  const reason = rolledBack('the revision before', names, result, because);
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
  const untold = release.rollingBackSince ? undefined : await mark(ledger, task, because);
  return returnProduction(ledger, task, release, because, untold);
}

/**
 * Says that the release is being rolled back. Answers why that could not be said: traffic returns all the same. A conflict
 * is thrown: the release may have completed meanwhile.
 */
async function mark(ledger: Ledger, { executionId }: RollBackTask, because: string): Promise<string | undefined> {
  try {
    await ledger.markRollingBack(executionId, isoTime(Date.now()), because);
    return undefined;
  } catch (error) {
    if (error instanceof LedgerConflict) throw error;
    return `the ledger could not be told: ${errorText(error)}`;
  }
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
    if (release.ended === 'COMPLETED' && asked.person) return await rollBackCompleted(ledger, task, release, because);
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
    return { ...nothing(`release ${executionId} ${reason}; production is free`), ended: 'ABANDONED' };
  }
  if (release.rollingBackSince) return returnProduction(ledger, task, release, because);
  const untold = await mark(ledger, task, because);
  const { machine } = release;
  // Once, also when the ledger cannot be told for long.
  if (machine && task.last?.machine === undefined) {
    return { next: 'STOP', reason: `release ${executionId} is rolled back: ${because}`, because, machine };
  }
  return returnProduction(ledger, task, release, because, untold);
}

/** Of a release that turned out bad only after its end. Only for a person, who knows that it did. */
async function rollBackCompleted(
  ledger: Ledger,
  task: RollBackTask,
  completed: Release,
  because: string,
): Promise<Outcome> {
  const begun = await ledger.release(returnedId(completed.executionId));
  if (!begun?.token) {
    const facts = { completed, holder: await ledger.holder(), stable: await ledger.stable() };
    const reason = whyNotReturned(facts);
    if (reason) return nothing(`${reason}: ${because}`);
    // All regions or none: not before it is known that all can.
    const gone = await goneTargets(returnOf(task, completed), productionOf(task));
    if (gone.length > 0) {
      return end('REFUSED', 'Refused', `nothing was touched, since not all can return: ${gone.join('; ')}; ${because}`);
    }
  }
  const taken = await takeBack(ledger, completed, because);
  if ('reason' in taken) return nothing(`${taken.reason}: ${because}`);
  const { release } = taken;
  if (!release.ended) return returnProduction(ledger, task, release, because);
  if (task.last) return await ended(ledger, because, release);
  await letGo(ledger, transitionsOfPipeline());
  return nothing(`release ${completed.executionId} has been taken back already: ${release.reason ?? because}`);
}

/**
 * One round for all production environments, not just those of one rollout.
 *
 * @param untold why the ledger does not know of this roll back; then it cannot end it either
 */
async function returnProduction(
  ledger: Ledger,
  task: RollBackTask,
  release: Release,
  because: string,
  untold?: string,
): Promise<Outcome> {
  const names = productionOf(task);
  const result = await returnAll(returnOf(task, release), names);
  const open = stillOpen(task, because, result);
  if (open) return open;
  if (untold !== undefined) return wait(task, because, untold);
  if (task.asked && mayStillStart(release)) {
    return wait(task, because, 'a handler that was running when the roll back began may still start deployments');
  }
  const stable = await ledger.stable();
  const target = release.returns === undefined ? stable : stable?.before;
  const reason = rolledBack(target ? `commit ${target.commit}` : 'the revision before', names, result, because);
  // Read again: the mark was written since.
  await endRolledBack(ledger, (await ledger.release(release.executionId)) ?? release, reason);
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
const mayStillStart = ({ rollingBackSince, returns }: Release): boolean =>
  returns === undefined &&
  (rollingBackSince === undefined || minutesSince(rollingBackSince, Date.now()) <= HANDLER_MINUTES + 1);

const hasShifted = ({ plan }: RollBackTask, { rollouts }: Release): boolean =>
  Object.entries(rollouts).some(([name, { shifted }]) => shifted && plan.rollouts[name]?.kind !== 'STAGING');

/** The environments that the roll back is about. */
const namesOf = ({ plan, thisRollout }: RollBackTask): readonly string[] =>
  thisRollout?.kind === 'STAGING' ? Object.keys(thisRollout.environments) : productionOf({ plan });

const returnOf = ({ plan, rollout, thisRollout, last }: RollBackTask, release: Release): Return => ({
  plan,
  release,
  rollout: rollout !== undefined && thisRollout ? { name: rollout, kind: thisRollout.kind } : undefined,
  waitingSince: last?.waitingSince,
});

/** As long as one function is not on stable; undefined when all are. */
function stillOpen(task: RollBackTask, because: string, result: readonly ReturnedFunction[]): Outcome | undefined {
  const open = result.filter(({ state }) => state === 'OPEN');
  const gone = result.filter(({ state }) => state === 'GONE');
  const reason = reasonsOf([...gone, ...open]);
  if (open.length > 0) return wait(task, because, reason);
  // Waiting brings no version back.
  return gone.length > 0 ? incomplete(reason, because) : undefined;
}

function rolledBack(
  to: string,
  names: readonly string[],
  result: readonly ReturnedFunction[],
  because: string,
): string {
  const left = result.filter(({ state }) => state === 'LEFT').map(({ reason }) => reason);
  return `rolled back to ${to} in ${names.join(', ')}: ${because}${left.length > 0 ? ` (left as it is: ${left.join('; ')})` : ''}`;
}

const nothingShifted = (because: string): Outcome =>
  end('REFUSED', 'Refused', `nothing has shifted, so there is nothing to roll back: ${because}`);

const nothing = (reason: string): Outcome => ({ next: 'NOTHING', reason });

const end = (next: 'DONE' | 'REFUSED', error: RollBackError, reason: string): Outcome => ({ next, error, reason });

const incomplete = (why: string, because: string): Outcome =>
  end('REFUSED', 'RollBackIncomplete', `the roll back is not complete, production stays held: ${why}; ${because}`);

function wait(task: RollBackTask, because: string, reason: string): Outcome {
  return waitOr((why) => incomplete(why, because), {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.rollBack,
    reason: `rolls back: ${reason}`,
    keep: { because, machine: task.last?.machine },
  });
}

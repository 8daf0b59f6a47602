import { errorText } from '../core/error-text';
import { ShapeError } from '../core/shape';
import { isoTime } from '../core/time';
import { finish } from '../ledger/end';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { standing } from '../ledger/standing';
import { composeWithLink } from '../messages/compose-message';
import { placeNames } from '../messages/place-names';
import { rollBackAsked } from '../rollback/asked';
import { holdForWhoAsked } from '../rollback/hold-for-who-asked';
import { returning } from '../rollback/messages';
import { end, nothingShifted, rolledBack, stillOpen, wait } from '../rollback/outcomes';
import { parseRollBack, type RollBackTask } from '../rollback/parse-roll-back';
import { ended, hasShifted, mark, returnOf, returnProduction } from '../rollback/production';
import { returnAll } from '../rollback/return-all';
import { dropDeadline } from '../rollout/deadlines';
import { rolloutHandler } from '../rollout/rollout-handler';
import type { Outcome } from '../rollout/state';
import { functionsOf, productionOf } from '../workload/places';

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
    const reason = `${errorText(error)}; not known is therefore what ${placeNames(functionsOf(task, namesOf(task)))} serve`;
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

/** The environments that the roll back is about. */
const namesOf = ({ plan, thisRollout }: RollBackTask): readonly string[] =>
  thisRollout?.kind === 'STAGING' ? Object.keys(thisRollout.environments) : productionOf({ plan });

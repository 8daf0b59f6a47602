import { abandon } from '../ledger/abandon';
import { finish } from '../ledger/end';
import { letGo } from '../ledger/hold';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { returnedId, takeBack, whyNotReturned } from '../ledger/returned';
import { standing } from '../ledger/standing';
import { hasMoved } from '../ledger/started';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';
import type { Outcome } from '../rollout/state';
import { productionOf } from '../workload/places';
import { end, nothing } from './outcomes';
import type { Asked, RollBackTask } from './parse-roll-back';
import { ended, hasShifted, mark, returnOf, returnProduction } from './production';
import { goneTargets } from './return-all';

/**
 * Of a release that somebody wants back: a person, or the safety net. Its rollout may be running. Where nothing is to be
 * done this is the usual answer, and no failure.
 */
export async function rollBackAsked(
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

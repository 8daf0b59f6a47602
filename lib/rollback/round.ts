import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { hasMoved } from '../ledger/started';
import type { Transitions } from '../ledger/transitions';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';
import { placeNames } from '../messages/place-names';
import { targetsIn } from '../plan/environments';
import { dropDeadline } from '../rollout/deadlines';
import type { Outcome } from '../rollout/state';
import { productionOf } from '../workload/fleet';
import { type Begun, begin, type Order, readBegin } from './begin';
import { holdPipeline } from './hold-pipeline';
import { ended, notEnabled, nothing, refused, stillOpen, wait } from './outcomes';
import type { RollbackTask } from './parse-task';
import { goneTargets, returnAll } from './return-all';
import { type RollbackWork, returnOf, returnProduction } from './return-production';
import { returnStaging } from './return-staging';

/** Pipeline's side. The handler's environment says where it is. */
interface Side {
  readonly ledger: Ledger;
  readonly transitions: Transitions;
}

const sideOfPipeline = (): Side => ({ ledger: ledgerOfPipeline(), transitions: transitionsOfPipeline() });

/**
 * Runs one round of the machine's rollback: of a rollout that turned bad, or of a release whose rollback was requested.
 */
export async function rollbackRound(task: RollbackWork): Promise<Outcome> {
  const outcome = await roundHeld(task);
  const isOver = outcome.error === 'RolledBack' || outcome.ended !== undefined;
  const { plan, executionId, thisRollout } = task;
  if (isOver && thisRollout?.kind !== 'STAGING') await dropDeadline({ service: plan.service, executionId });
  return outcome;
}

/** Holds the pipeline first if a person gave the order. */
async function roundHeld(task: RollbackWork): Promise<Outcome> {
  const by = task.request?.person;
  if (by === undefined) return roundOrWait(task, false);
  // Only once: a person may end the hold while the rollback goes on.
  const held = task.last?.held || (await holdFor(by, task));
  const outcome = await roundOrWait(task, held);
  if (outcome.next === 'WAIT' || outcome.next === 'STOP') return { ...outcome, held };
  const { service } = task.plan;
  return { ...outcome, reason: `${outcome.reason}; ${held ? until(service) : 'the pipeline could not be held'}` };
}

const until = (service: string): string =>
  `no release follows until: npx microservice-deployment-pipeline resume --service ${service}`;

/** Returns true if the pipeline could be held. */
async function holdFor(by: string, task: RollbackTask): Promise<boolean> {
  const order = { service: task.plan.service, by, because: causeOf(task) };
  const held = await holdPipeline(sideOfPipeline(), order);
  const problem = 'error' in held ? `the pipeline could not be held: ${held.error}` : held.warning;
  if (problem !== undefined) logLine({ handler: 'rollback', reason: problem });
  return 'hold' in held;
}

async function roundOrWait(task: RollbackWork, held: boolean): Promise<Outcome> {
  const because = causeOf(task);
  let commit: string | undefined;
  try {
    const outcome = await round(task, because, held, (release) => {
      commit = release.commit;
    });
    return { ...outcome, commit };
  } catch (error) {
    const reason = `${errorText(error)}; it is therefore unknown what ${placeNames(targetsIn(task.plan, namesOf(task)))} serve`;
    return { ...wait(task, because, reason), commit };
  }
}

/**
 * Returns the reason of the rollback: from its first call, from the error that the machine caught, or from the last
 * handler.
 */
function causeOf({ last, caught, request }: RollbackTask): string {
  if (request) return request.because;
  if (caught) return errorText(new Error([caught.Error, caught.Cause].filter(Boolean).join(': ')));
  return last?.because ?? last?.reason ?? 'a rollback was requested';
}

/** Lists the environments of the rollback. */
const namesOf = ({ plan, thisRollout }: RollbackTask): readonly string[] =>
  thisRollout?.kind === 'STAGING' ? Object.keys(thisRollout.environments) : productionOf({ plan });

/** @param seen gets the release as soon as it is read */
async function round(
  task: RollbackWork,
  because: string,
  held: boolean,
  seen: (release: Release) => void,
): Promise<Outcome> {
  if (task.request?.ofStaging) return nothing(`staging has nothing to do with production: ${because}`);
  if (task.thisRollout?.kind === 'STAGING') {
    const ledger = ledgerOfPipeline();
    const release = await ledger.release(task.executionId);
    if (!release) return refused(`release ${task.executionId} is not in the ledger: ${because}`);
    seen(release);
    return await returnStaging(ledger, task, release, because);
  }
  const side = sideOfPipeline();
  const order = orderOf(task, because);
  const facts = await readBegin(side.ledger, order);
  if (facts.release) seen(facts.release);
  const targetsGone = (release: Release) => goneTargets(returnOf(task, release), productionOf(task));
  return await goOn(side, task, order, held, await begin({ ...side, targetsGone }, order, facts));
}

function orderOf({ request, executionId, plan }: RollbackTask, because: string): Order {
  if (!request) return { by: 'ROLLOUT', executionId, because };
  const by = request.person === undefined ? 'SAFETY_NET' : 'PERSON';
  return { by, executionId, because, isRetriable: (release) => request.failed && !hasMoved(release, plan) };
}

/**
 * Decides the machine's next step. Nothing to do is the usual answer, and no failure, unless a rollout waits for it.
 */
async function goOn(side: Side, task: RollbackWork, order: Order, held: boolean, begun: Begun): Promise<Outcome> {
  const { because, by } = order;
  switch (begun.is) {
    case 'NOTHING': {
      const reason = `${begun.reason}: ${because}`;
      return by === 'ROLLOUT' ? refused(reason) : nothing(reason);
    }
    case 'REFUSED':
      return refused(`${begun.reason}; ${because}`);
    case 'ABANDONED': {
      if (begun.closed !== undefined) return wait(task, because, notEnabled(begun.closed));
      const reason = `release ${begun.release.executionId} ${begun.reason}; production is free`;
      return { ...nothing(reason), ended: 'ABANDONED' };
    }
    case 'ENDED':
      return await recheck(task, order, held, begun);
    case 'RETURNING': {
      const { release, machine, ledgerProblem } = begun;
      // Only once, also when the ledger cannot be updated for long.
      if (machine !== undefined && task.last?.machine === undefined) {
        return { next: 'STOP', reason: `release ${release.executionId} is rolled back: ${because}`, because, machine };
      }
      return await returnProduction(side, task, release, because, ledgerProblem);
    }
  }
}

/**
 * Returns a release that has ended already, for a person who has found something amiss. Targets that are not on stable
 * return, as long as no later release has acquired production and none can, because the pipeline is held.
 */
async function recheck(
  task: RollbackWork,
  { because, by }: Order,
  held: boolean,
  { release, later, closed }: Begun & { readonly is: 'ENDED' },
): Promise<Outcome> {
  if (by === 'PERSON' && later === undefined && held) {
    const open = stillOpen(task, because, await returnAll(returnOf(task, release), productionOf(task)));
    if (open) return open;
  }
  if (release.ended === 'ROLLED_BACK' && (task.last || by === 'ROLLOUT')) return ended(because, release, closed);
  if (closed !== undefined) return wait(task, because, notEnabled(closed));
  const reason = release.reason ?? because;
  return nothing(
    release.returns === undefined
      ? `release ${release.executionId} has ended already: ${release.ended}, ${reason}`
      : `release ${release.returns} has been rolled back already: ${reason}`,
  );
}

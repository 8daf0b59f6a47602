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

/** The pipeline's side, of which the handler's environment says where it is. */
interface Side {
  readonly ledger: Ledger;
  readonly transitions: Transitions;
}

const sideOfPipeline = (): Side => ({ ledger: ledgerOfPipeline(), transitions: transitionsOfPipeline() });

/** One round of the machine's rollback: of a rollout that turned bad, or of a release that somebody wants back. */
export async function rollbackRound(task: RollbackWork): Promise<Outcome> {
  const outcome = await roundHeld(task);
  const isOver = outcome.error === 'RolledBack' || outcome.ended !== undefined;
  const { plan, executionId, thisRollout } = task;
  if (isOver && thisRollout?.kind !== 'STAGING') await dropDeadline({ service: plan.service, executionId });
  return outcome;
}

/** Holds the pipeline first when a person gave the order. */
async function roundHeld(task: RollbackWork): Promise<Outcome> {
  const by = task.asked?.person;
  if (by === undefined) return roundOrWait(task, false);
  // Once only: who ends the hold while the rollback goes on wants it to stay ended.
  const held = task.last?.held || (await holdFor(by, task));
  const outcome = await roundOrWait(task, held);
  if (outcome.next === 'WAIT' || outcome.next === 'STOP') return { ...outcome, held };
  const { service } = task.plan;
  return { ...outcome, reason: `${outcome.reason}; ${held ? until(service) : 'the pipeline could not be held'}` };
}

const until = (service: string): string =>
  `no release follows until: npx deployment-pipeline resume --service ${service}`;

/** Answers whether the pipeline could be held. */
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
    const reason = `${errorText(error)}; not known is therefore what ${placeNames(targetsIn(task.plan, namesOf(task)))} serve`;
    return { ...wait(task, because, reason), commit };
  }
}

/** Why the release is bad: kept from the first call, what the machine caught, or what the last handler said. */
function causeOf({ last, caught, asked }: RollbackTask): string {
  if (asked) return asked.because;
  if (caught) return errorText(new Error([caught.Error, caught.Cause].filter(Boolean).join(': ')));
  return last?.because ?? last?.reason ?? 'a rollback was asked for';
}

/** Environments that the rollback is about. */
const namesOf = ({ plan, thisRollout }: RollbackTask): readonly string[] =>
  thisRollout?.kind === 'STAGING' ? Object.keys(thisRollout.environments) : productionOf({ plan });

/** @param seen is given the release as soon as it is read */
async function round(
  task: RollbackWork,
  because: string,
  held: boolean,
  seen: (release: Release) => void,
): Promise<Outcome> {
  if (task.asked?.ofStaging) return nothing(`staging has nothing to do with production: ${because}`);
  if (task.thisRollout?.kind === 'STAGING') {
    const ledger = ledgerOfPipeline();
    const release = await ledger.release(task.executionId);
    if (!release) return refused(`nothing of release ${task.executionId} is in the ledger: ${because}`);
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

function orderOf({ asked, executionId, plan }: RollbackTask, because: string): Order {
  if (!asked) return { by: 'ROLLOUT', executionId, because };
  const by = asked.person === undefined ? 'SAFETY_NET' : 'PERSON';
  return { by, executionId, because, isRetriable: (release) => asked.failed && !hasMoved(release, plan) };
}

/** What the machine does next. Where nothing is to be done this is the usual answer, and no failure, unless a rollout waits for it. */
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
      return await lookAgain(task, order, held, begun);
    case 'RETURNING': {
      const { release, machine, untold } = begun;
      // Once, also when the ledger cannot be told for long.
      if (machine !== undefined && task.last?.machine === undefined) {
        return { next: 'STOP', reason: `release ${release.executionId} is rolled back: ${because}`, because, machine };
      }
      return await returnProduction(side, task, release, because, untold);
    }
  }
}

/**
 * Of a release that has ended already. A person who wants it back all the same sees something amiss: whatever is not on
 * stable returns, as long as no later release has acquired production and none can, since the pipeline is held.
 */
async function lookAgain(
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

import { errorText } from '../core/error-text';
import type { Release, RolloutRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { LOOK_BACK_HOURS } from '../plan/timing';
import type { Mark } from '../workload/description';
import { allAnswered, fanOut, productionOf } from '../workload/fleet';
import type { TargetAt } from '../workload/target';
import { applyStart, waitToStart } from './apply-start';
import { decidePermission, type Permitted } from './decide-permission';
import { decideStart, type EarlierFacts, type StartFacts } from './decide-start';
import { earlierWaves } from './earlier-waves';
import type { RolloutTask } from './parse-state';
import { readStart } from './read-start';
import { recordStables } from './record-stables';
import type { Outcome } from './state';

/** Ledger and workload of a rollout. */
export interface StartTools {
  readonly ledger: Ledger;
  readonly targetAt: TargetAt;
}

/** Starts the deployments of a rollout: all of them, or none. */
export async function start(tools: StartTools, task: RolloutTask): Promise<Outcome> {
  try {
    const { ledger } = tools;
    const release = await ledger.release(task.executionId);
    const holder = task.thisRollout.kind === 'STAGING' ? undefined : await ledger.holder();
    const permitted = decidePermission(task, { release, holder });
    if ('reason' in permitted) return { next: 'REFUSED', reason: permitted.reason };
    return await startPermitted(tools, task, permitted);
  } catch (error) {
    return waitToStart(task, undefined, 'start', errorText(error));
  }
}

async function startPermitted(
  { ledger, targetAt }: StartTools,
  task: RolloutTask,
  permitted: Permitted,
): Promise<Outcome> {
  const { thisRollout, rollout } = task;
  const { release } = permitted;
  const before = release.rollouts[rollout];
  if (thisRollout.kind === 'CANARY' && before?.state === 'PASSED') {
    return { next: 'DONE', reason: `the canary has passed already: ${before.reason}` };
  }
  const names = Object.keys(thisRollout.environments);
  await recordStables(ledger, targetAt, task, release, thisRollout.kind === 'STAGING' ? names : productionOf(task));
  const fresh = (await ledger.release(task.executionId)) ?? release;
  const attempt = attemptOf(before);
  const mark: Mark = { executionId: task.executionId, rollout, attempt, purpose: 'shift' };
  const [targets, earlier] = await Promise.all([
    readTargets(targetAt, task, fresh, names, mark),
    readEarlier(targetAt, task, fresh),
  ]);
  const decision = decideStart(thisRollout.kind, targets, Date.now(), earlier);
  return applyStart({ ...permitted, ledger, targetAt, task, release: fresh, mark }, decision);
}

/**
 * Returns the number of this attempt. A rollout that was rolled back, or was left after it passed, begins anew; one
 * that has started goes on.
 */
const attemptOf = (before: RolloutRecord | undefined): number =>
  before === undefined ? 1 : before.state === 'STARTED' ? before.attempt : before.attempt + 1;

async function readTargets(
  targetAt: TargetAt,
  task: RolloutTask,
  { candidates, stables, rollouts }: Release,
  names: readonly string[],
  mark: Mark,
): Promise<readonly StartFacts[]> {
  const { thisRollout, rollout } = task;
  const lookBack = Date.now() - LOOK_BACK_HOURS * 3_600_000;
  const began = rollouts[rollout]?.at;
  // One hour more, for clocks that differ.
  const since = new Date(Math.min(lookBack, began ? Date.parse(began) - 3_600_000 : lookBack));
  const answers = await fanOut(task, names, (place) =>
    readStart(targetAt, place, {
      candidate: candidates[place.name][place.key],
      stable: stables[place.name]?.[place.key],
      alarmNames: thisRollout.environments[place.name].alarms[place.key] ?? [],
      mark,
      since,
    }),
  );
  return allAnswered(answers).map(({ value }) => value);
}

async function readEarlier(
  targetAt: TargetAt,
  task: RolloutTask,
  { candidates }: Release,
): Promise<readonly EarlierFacts[]> {
  const answers = await fanOut(task, earlierWaves(task), async (place) => {
    const { name: environment, key } = place;
    const candidate = candidates[environment]?.[key];
    if (!candidate) throw new Error('the ledger has no candidate for it');
    const serving = await targetAt(place, candidate.address).serving();
    return { environment, key, candidate: candidate.revision, serving };
  });
  return allAnswered(answers).map(({ value }) => value);
}

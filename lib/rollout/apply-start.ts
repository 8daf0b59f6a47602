import { isoTime } from '../core/time';
import type { Release, RolloutRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { hasMoved, hasShifted } from '../ledger/started';
import { PATIENCE_MINUTES } from '../plan/timing';
import type { Mark } from '../workload/description';
import type { TargetAt } from '../workload/target';
import { createDeployments } from './create-deployments';
import { deadlineMinutes } from './deadline';
import { setDeadline } from './deadlines';
import type { Permitted } from './decide-permission';
import type { StartDecision, StartFacts } from './decide-start';
import type { RolloutTask } from './parse-state';
import type { Deployments, Outcome } from './state';
import { waitOr } from './waiting';
import { writeStables } from './write-stables';

/** Rollout that is permitted, and all that its start works with. */
export interface Starting extends Permitted {
  readonly ledger: Ledger;
  readonly targetAt: TargetAt;
  readonly task: RolloutTask;
  readonly mark: Mark;
}

/** Applies the decision of Start. */
export async function applyStart(starting: Starting, decision: StartDecision): Promise<Outcome> {
  const { task, release, mark } = starting;
  const before = release.rollouts[task.rollout];
  switch (decision.do) {
    case 'REFUSE':
      return refuse(task, release, decision.reason);
    case 'WAIT':
      return waitToStart(task, release, decision.patience, decision.reason);
    case 'NOTHING':
      if (before?.state !== 'PASSED') await record(starting, 'PASSED', decision.reason, before?.shifted ?? false);
      return { next: 'DONE', reason: decision.reason };
    case 'ANCHOR': {
      const anchor: Mark = { ...mark, purpose: 'anchor' };
      const { problems } = await createDeployments(starting.targetAt, task, release, decision.targets, anchor);
      return waitToStart(task, release, 'anchor', problems.join('; ') || 'the anchor is being set');
    }
    case 'START':
      return task.thisRollout.kind === 'WAVE' && before?.state === 'PASSED'
        ? refuse(task, release, `${task.rollout} had passed, but does not serve the candidate any more`)
        : shift(starting, decision.targets, decision.started);
  }
}

async function shift(starting: Starting, targets: readonly StartFacts[], started: Deployments): Promise<Outcome> {
  const { targetAt, task, release, acquiredAt, mark } = starting;
  const { rollout, executionId, thisRollout, plan } = task;
  const before = release.rollouts[rollout];
  // Before anything moves: a region without its stable revision could not be rolled back on its own.
  if (acquiredAt !== undefined && !hasShifted(release)) {
    const problems = await writeStables(task, release, acquiredAt);
    if (problems.length > 0) return waitToStart(task, release, 'start', problems.join('; '));
  }
  // Before anything moves: the deadline rolls the release back if it hangs, even without this machine.
  if (thisRollout.kind !== 'STAGING') {
    const owner = { service: plan.service, executionId };
    await setDeadline(owner, rollout, Date.now() + deadlineMinutes(thisRollout) * 60_000);
  }
  // Recorded before the first one is created: from then on the ledger says that traffic may have moved.
  if (before?.state !== 'STARTED') await record(starting, 'STARTED', `starts in ${namesOf(targets)}`, true);
  const { created, problems } = await createDeployments(targetAt, task, release, targets, mark);
  if (problems.length > 0) return waitToStart(task, undefined, 'start', problems.join('; '));
  const deployments = merged(started, created);
  return {
    next: 'WATCH',
    reason: `${rollout} has started in ${Object.keys(deployments).join(', ')}`,
    startedAt: isoTime(Date.now()),
    observedMinutes: observedBefore(task, before),
    attempt: mark.attempt,
    deployments,
  };
}

function record(
  { ledger, task, token, mark }: Starting,
  state: RolloutRecord['state'],
  reason: string,
  shifted: boolean,
): Promise<void> {
  const at = isoTime(Date.now());
  const { executionId, rollout } = task;
  return ledger.recordRollout(executionId, rollout, { state, reason, at, attempt: mark.attempt, shifted }, token);
}

/**
 * Returns the minutes of observation that count already: of earlier deployments, and of these until one was restarted.
 */
const observedBefore = ({ last }: RolloutTask, before: RolloutRecord | undefined): number =>
  Math.max(before?.observedMinutes ?? 0, last?.observedMinutes ?? 0);

const namesOf = (targets: readonly StartFacts[]): string =>
  targets.map(({ environment, key }) => `${environment}/${key}`).join(', ');

function merged(a: Deployments, b: Deployments): Deployments {
  const environments = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(environments.map((name) => [name, { ...a[name], ...b[name] }]));
}

/**
 * Refuses the rollout if nothing was touched; returns all regions if something may serve the candidate. Without a
 * release, the rollback reads the ledger itself, and refuses when nothing has moved.
 */
function refuse({ plan, rollout }: RolloutTask, release: Release | undefined, reason: string): Outcome {
  const moved = release === undefined || hasMoved(release, plan, rollout);
  return { next: moved ? 'ROLLBACK' : 'REFUSED', reason: `${rollout} cannot start: ${reason}` };
}

/**
 * Answers WAIT while patience lasts; then refuses.
 *
 * @param release undefined when the ledger could not be read, or traffic may have moved
 */
export function waitToStart(
  task: RolloutTask,
  release: Release | undefined,
  patience: 'start' | 'anchor',
  reason: string,
): Outcome {
  return waitOr((why) => refuse(task, release, why), {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES[patience],
    reason: `${task.rollout} waits to start: ${reason}`,
    keep: { observedMinutes: task.last?.observedMinutes },
  });
}

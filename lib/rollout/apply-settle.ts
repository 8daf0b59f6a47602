import { isoTime } from '../core/time';
import type { Release, RolloutRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { PATIENCE_MINUTES } from '../plan/timing';
import { allAnswered, fanOut } from '../workload/fleet';
import type { TargetAt } from '../workload/target';
import type { SettleDecision, SettleFacts } from './decide-settle';
import type { RolloutTask } from './parse-state';
import type { Outcome } from './state';
import { waitOr } from './waiting';

/** Rollout whose observation is over, and all that its end works with. */
export interface Settling {
  readonly ledger: Ledger;
  readonly targetAt: TargetAt;
  readonly task: RolloutTask;
  readonly release: Release;
  /** Record of the rollout in the ledger. */
  readonly before: RolloutRecord;
  readonly token: number | undefined;
}

/** Applies the decision of Settle. */
export async function applySettle(settling: Settling, decision: SettleDecision): Promise<Outcome> {
  const { ledger, task, before, token } = settling;
  const { executionId, rollout, last } = task;
  // The call that began to settle the rollout decides for all.
  const renews = before.settlingSince === undefined ? last?.renews === true : before.renews === true;
  const now = isoTime(Date.now());
  switch (decision.do) {
    case 'ROLLBACK':
      return returnRelease(task, decision.reason);
    case 'WAIT':
      // Recorded before the stop: no other machine that watches this rollout may take our stop for a bad end.
      if (decision.stop.length > 0 && !before.settlingSince) {
        await ledger.recordRollout(executionId, rollout, { ...before, settlingSince: now, renews }, token);
      }
      await stop(settling, decision.stop);
      return waitToSettle(task, decision.reason);
    case 'PASSED':
      if (renews) return await renew(settling, now);
      if (before.state !== 'PASSED') {
        const passed = { ...before, state: 'PASSED' as const, reason: decision.reason, at: now };
        await ledger.recordRollout(executionId, rollout, passed, token);
      }
      return { next: 'DONE', reason: `${rollout} has passed: ${decision.reason}` };
  }
}

/** Sends a returned canary on: with its observation so far, in new deployments. */
async function renew({ ledger, task, before, token }: Settling, at: string): Promise<Outcome> {
  const { executionId, rollout, last, thisRollout } = task;
  const { settlingSince, renews, ...rest } = before;
  const observedMinutes = Math.max(before.observedMinutes ?? 0, last?.observedMinutes ?? 0);
  const reason = `${Math.floor(observedMinutes)} of ${thisRollout.observeMinutes} min observed, goes on in new deployments`;
  const next = { ...rest, reason, at, attempt: before.attempt + 1, observedMinutes };
  await ledger.recordRollout(executionId, rollout, next, token);
  return { next: 'START', reason: `${rollout}: ${reason}` };
}

/**
 * Answers START if the ledger has a later attempt of the canary: this call, or another machine, has renewed it before.
 */
export function renewedBy(
  { last, rollout }: RolloutTask,
  { attempt, reason, state }: RolloutRecord,
): Outcome | undefined {
  const isLater = state === 'STARTED' && attempt > (last?.attempt ?? 1);
  return isLater ? { next: 'START', reason: `${rollout}: ${reason}` } : undefined;
}

/** Stops deployments. The next call tries those again that could not be stopped. */
async function stop({ targetAt, task, release }: Settling, running: readonly SettleFacts[]): Promise<void> {
  const environments = [...new Set(running.map(({ environment }) => environment))];
  const answers = await fanOut(task, environments, async (place) => {
    const facts = running.find((each) => each.environment === place.name && each.key === place.key);
    const candidate = release.candidates[place.name]?.[place.key];
    if (facts?.deploymentId && candidate) await targetAt(place, candidate.address).stop(facts.deploymentId);
  });
  allAnswered(answers);
}

export const returnRelease = ({ rollout }: RolloutTask, reason: string): Outcome => ({
  next: 'ROLLBACK',
  reason: `${rollout} cannot settle: ${reason}`,
});

/** Answers WAIT while patience lasts; then the release is rolled back. */
export function waitToSettle(task: RolloutTask, reason: string): Outcome {
  const { startedAt, deployments, attempt, renews, observedMinutes } = task.last ?? {};
  return waitOr((why) => returnRelease(task, why), {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.settle,
    reason: `${task.rollout} settles: ${reason}`,
    keep: { startedAt, deployments, attempt, renews, observedMinutes },
  });
}

import { readDeployments, stopDeployment } from '../aws/codedeploy';
import { errorText } from '../core/error-text';
import { isoTime } from '../core/time';
import type { Release, RolloutRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { standing } from '../ledger/standing';
import { PATIENCE_MINUTES } from '../plan/timing';
import { decideSettle, type SettleFacts } from '../rollout/decide-settle';
import { earlierWaves } from '../rollout/earlier-waves';
import { parseState, type RolloutTask } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { passage } from '../rollout/rollout-messages';
import type { Outcome } from '../rollout/state';
import { waitOr } from '../rollout/waiting';
import { readAlias } from '../workload/lambda/alias';
import { allAnswered, askPlaces, type Place } from '../workload/places';

/** Ends a rollout that went well: a canary returns to stable, anything else stays where it has arrived. */
export const handler = rolloutHandler('settle', settle, parseState, passage);

async function settle(task: RolloutTask): Promise<Outcome> {
  try {
    const ledger = ledgerOfPipeline();
    const { executionId, thisRollout } = task;
    const release = await ledger.release(executionId);
    if (!release) return rollBack(task, `release ${executionId} is not in the ledger`);
    if (release.rollingBackSince) return rollBack(task, `release ${executionId} is being rolled back`);
    if (thisRollout.kind === 'STAGING') return await settlePermitted(ledger, task, release, undefined);
    const may = standing(executionId, { holder: await ledger.holder(), release });
    return may.holds ? await settlePermitted(ledger, task, release, may.token) : rollBack(task, may.reason);
  } catch (error) {
    return wait(task, errorText(error));
  }
}

async function settlePermitted(
  ledger: Ledger,
  task: RolloutTask,
  release: Release,
  token: number | undefined,
): Promise<Outcome> {
  const { thisRollout, rollout, executionId } = task;
  const before = release.rollouts[rollout];
  if (!before) return rollBack(task, `the ledger does not say that ${rollout} has started`);
  const renewed = renewedBy(task, before);
  if (renewed) return renewed;
  const now = isoTime(Date.now());
  // Whoever began to settle it decides for all.
  const renews = before.settlingSince === undefined ? task.last?.renews === true : before.renews === true;
  const names = [...earlierWaves(task), ...Object.keys(thisRollout.environments)];
  const answers = await askPlaces(task, names, (place) => ask(task, release, place));
  const decision = decideSettle(
    thisRollout.kind,
    allAnswered(answers).map(({ value }) => value),
  );
  switch (decision.do) {
    case 'ROLL_BACK':
      return rollBack(task, decision.reason);
    case 'WAIT':
      // Said before it is done: whoever else watches this rollout must not take our stop for a bad end.
      if (decision.stop.length > 0 && !before.settlingSince) {
        await ledger.recordRollout(executionId, rollout, { ...before, settlingSince: now, renews }, token);
      }
      await stop(task, decision.stop);
      return wait(task, decision.reason);
    case 'PASSED':
      if (renews) return await renew(ledger, task, before, token);
      if (before.state !== 'PASSED') {
        const passed = { ...before, state: 'PASSED' as const, reason: decision.reason, at: now };
        await ledger.recordRollout(executionId, rollout, passed, token);
      }
      return { next: 'DONE', reason: `${rollout} has passed: ${decision.reason}` };
  }
}

/** The canary has returned, and goes on: with what has been observed so far, in new deployments. */
async function renew(
  ledger: Ledger,
  { executionId, rollout, last, thisRollout }: RolloutTask,
  before: RolloutRecord,
  token: number | undefined,
): Promise<Outcome> {
  const { settlingSince, renews, ...rest } = before;
  const observedMinutes = Math.max(before.observedMinutes ?? 0, last?.observedMinutes ?? 0);
  const reason = `${Math.floor(observedMinutes)} of ${thisRollout.observeMinutes} min observed, goes on in new deployments`;
  const at = isoTime(Date.now());
  const next = { ...rest, reason, at, attempt: before.attempt + 1, observedMinutes };
  await ledger.recordRollout(executionId, rollout, next, token);
  return { next: 'START', reason: `${rollout}: ${reason}` };
}

/** Whether the ledger says already that the canary goes on: this call, or another machine, has been here before. */
function renewedBy({ last, rollout }: RolloutTask, { attempt, reason, state }: RolloutRecord): Outcome | undefined {
  const isLater = state === 'STARTED' && attempt > (last?.attempt ?? 1);
  return isLater ? { next: 'START', reason: `${rollout}: ${reason}` } : undefined;
}

async function ask(task: RolloutTask, release: Release, { name, key, environment }: Place): Promise<SettleFacts> {
  const candidate = release.candidates[name]?.[key];
  if (!candidate) throw new Error('the ledger has no candidate for it');
  const deploymentId = task.last?.deployments?.[name]?.[key];
  const isCanary = task.thisRollout.kind === 'CANARY';
  const [deployment] = isCanary && deploymentId ? await readDeployments(environment, [deploymentId]) : [];
  const returningId = deployment?.rollbackDeploymentId;
  const [returning] = returningId ? await readDeployments(environment, [returningId]) : [];
  return {
    environment: name,
    key,
    candidate: candidate.version,
    stable: release.stables[name]?.[key],
    deploymentId,
    deployment,
    returning,
    alias: await readAlias(environment, candidate),
  };
}

/** Those that could not be stopped are asked again. */
async function stop(task: RolloutTask, running: readonly SettleFacts[]): Promise<void> {
  const environments = [...new Set(running.map(({ environment }) => environment))];
  const answers = await askPlaces(task, environments, async ({ name, key, environment }) => {
    const facts = running.find((each) => each.environment === name && each.key === key);
    if (facts?.deploymentId) await stopDeployment(environment, facts.deploymentId);
  });
  allAnswered(answers);
}

const rollBack = ({ rollout }: RolloutTask, reason: string): Outcome => ({
  next: 'ROLL_BACK',
  reason: `${rollout} cannot settle: ${reason}`,
});

function wait(task: RolloutTask, reason: string): Outcome {
  const { startedAt, deployments, attempt, renews, observedMinutes } = task.last ?? {};
  return waitOr((why) => rollBack(task, why), {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.settle,
    reason: `${task.rollout} settles: ${reason}`,
    keep: { startedAt, deployments, attempt, renews, observedMinutes },
  });
}

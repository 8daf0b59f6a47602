import { errorText } from '../core/error-text';
import { checkHolder } from '../ledger/check-holder';
import type { Release } from '../ledger/items';
import { allAnswered, fanOut, type Place } from '../workload/fleet';
import type { TargetAt } from '../workload/target';
import { applySettle, renewedBy, returnRelease, waitToSettle } from './apply-settle';
import { decideSettle, type SettleFacts } from './decide-settle';
import { earlierWaves } from './earlier-waves';
import type { RolloutTask } from './parse-state';
import type { StartTools } from './start';
import type { Outcome } from './state';

/** Ends a rollout that went well: a canary returns to stable, anything else stays where it has arrived. */
export async function settle(tools: StartTools, task: RolloutTask): Promise<Outcome> {
  try {
    const { ledger } = tools;
    const { executionId, thisRollout } = task;
    const release = await ledger.release(executionId);
    if (!release) return returnRelease(task, `release ${executionId} is not in the ledger`);
    if (release.rollingBackSince) return returnRelease(task, `release ${executionId} is being rolled back`);
    if (thisRollout.kind === 'STAGING') return await settlePermitted(tools, task, release, undefined);
    const may = checkHolder(executionId, { holder: await ledger.holder(), release });
    return may.holds ? await settlePermitted(tools, task, release, may.token) : returnRelease(task, may.reason);
  } catch (error) {
    return waitToSettle(task, errorText(error));
  }
}

async function settlePermitted(
  { ledger, targetAt }: StartTools,
  task: RolloutTask,
  release: Release,
  token: number | undefined,
): Promise<Outcome> {
  const { thisRollout, rollout } = task;
  const before = release.rollouts[rollout];
  if (!before) return returnRelease(task, `the ledger has no start of ${rollout}`);
  const renewed = renewedBy(task, before);
  if (renewed) return renewed;
  const names = [...earlierWaves(task), ...Object.keys(thisRollout.environments)];
  const answers = await fanOut(task, names, (place) => readSettle(targetAt, task, release, place));
  const facts = allAnswered(answers).map(({ value }) => value);
  const settling = { ledger, targetAt, task, release, before, token };
  return applySettle(settling, decideSettle(thisRollout.kind, facts));
}

async function readSettle(
  targetAt: TargetAt,
  { last, thisRollout }: RolloutTask,
  { candidates, stables }: Release,
  place: Place,
): Promise<SettleFacts> {
  const { name: environment, key } = place;
  const candidate = candidates[environment]?.[key];
  if (!candidate) throw new Error('the ledger has no candidate for it');
  const target = targetAt(place, candidate.address);
  const deploymentId = last?.deployments?.[environment]?.[key];
  const isCanary = thisRollout.kind === 'CANARY';
  const deployment = isCanary && deploymentId ? await target.deployment(deploymentId) : undefined;
  const returningId = deployment?.rollbackDeploymentId;
  const returning = returningId ? await target.deployment(returningId) : undefined;
  return {
    environment,
    key,
    candidate: candidate.revision,
    stable: stables[environment]?.[key],
    deploymentId,
    deployment,
    returning,
    serving: await target.serving(),
  };
}

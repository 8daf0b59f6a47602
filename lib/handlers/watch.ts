import { readAlarms } from '../aws/alarms';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../aws/bounded';
import { readDeployments } from '../aws/code-deploy';
import { errorText } from '../aws/error-text';
import { ledgerOfPipeline } from '../aws/ledger-client';
import { logLine } from '../aws/log';
import { environmentOf, rolloutHandler } from '../aws/rollout-handler';
import type { RolloutTask } from '../rollout/parse-state';
import { ShapeError } from '../rollout/shape';
import type { Outcome } from '../rollout/state';
import { decideWatch, type EnvironmentAnswer } from '../rollout/watch-decision';

/** Looks at the deployments and alarms of all environments of a rollout. Changes nothing. */
export const handler = rolloutHandler('watch', watch);

async function watch(task: RolloutTask): Promise<Outcome> {
  const { rollout, thisRollout, last, legStartedAt } = task;
  if (!last?.startedAt || !last.deployments) {
    throw new ShapeError('state.outcome must have startedAt and deployments: Start gives them, every leg keeps them');
  }
  const names = Object.keys(last.deployments);
  const answers = await bounded(names, ENVIRONMENTS_AT_ONCE, (name) => ask(task, name, last.deployments?.[name] ?? {}));
  const outcome = decideWatch({
    rollout,
    kind: thisRollout.kind,
    observeMinutes: thisRollout.observeMinutes,
    deployments: last.deployments,
    alarmNames: Object.fromEntries(names.map((name) => [name, thisRollout.environments[name]?.alarms ?? {}])),
    answers: Object.fromEntries(names.map((name, index) => [name, answers[index]])),
    startedAt: last.startedAt,
    silentSince: last.silentSince ?? {},
    legStartedAt,
    now: Date.now(),
  });
  return outcome.next === 'ROLL_BACK' && (await settles(task)) ? { ...outcome, next: 'SETTLE' } : outcome;
}

/**
 * Whether another machine of the same rollout (a duplicate start, a stage that was tried again) has begun to settle it.
 * What looks like a bad end may be that: then Settle tells the two apart. A ledger that does not answer delays no roll
 * back, which asks it anyway.
 */
async function settles({ executionId, rollout }: RolloutTask): Promise<boolean> {
  try {
    const record = (await ledgerOfPipeline().release(executionId))?.rollouts[rollout];
    return record?.state === 'PASSED' || record?.settlingSince !== undefined;
  } catch (error) {
    logLine({ handler: 'watch', rollout, executionId, reason: `the ledger was not asked: ${errorText(error)}` });
    return false;
  }
}

/** One call to CodeDeploy and one to CloudWatch. An environment that does not answer keeps no other from being asked. */
async function ask(
  task: RolloutTask,
  name: string,
  deployments: { readonly [key: string]: string },
): Promise<EnvironmentAnswer> {
  try {
    const environment = environmentOf(task, name);
    const alarmNames = Object.keys(deployments).flatMap(
      (key) => task.thisRollout.environments[name]?.alarms[key] ?? [],
    );
    return {
      deployments: await readDeployments(environment, Object.values(deployments)),
      alarms: await readAlarms(environment, [...new Set(alarmNames)]),
    };
  } catch (error) {
    return { error: errorText(error) };
  }
}

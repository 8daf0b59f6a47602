import { readAlarms } from '../aws/cloudwatch';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { ShapeError } from '../core/shape';
import { isoTime } from '../core/time';
import type { Release } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Rollout } from '../plan/rollout-plan';
import { environmentOf } from '../workload/fleet';
import type { ReadShifts } from '../workload/target';
import { decideBadEnd, decideWatch, type EnvironmentAnswer } from './decide-watch';
import type { RolloutTask } from './parse-state';
import type { Outcome } from './state';

/** Ledger and deployments of a rollout. */
export interface WatchTools {
  readonly ledger: Ledger;
  readonly readShifts: ReadShifts;
}

/** Reads the deployments and alarms of all environments of a rollout, and the ledger: the release may have ended. */
export async function watch({ ledger, readShifts }: WatchTools, task: RolloutTask): Promise<Outcome> {
  const { rollout, thisRollout, last, legStartedAt } = task;
  const { window } = thisRollout;
  const waits = window && last?.waitsUntil ? { until: last.waitsUntil, window } : undefined;
  if (!last || !(waits || (last.startedAt && last.deployments))) {
    throw new ShapeError(
      'state.outcome must have startedAt and deployments, or waitsUntil: Start or Collect gives them, every leg keeps them',
    );
  }
  const release = await readRelease(ledger, task);
  const over = release && endOf(release);
  if (over && thisRollout.kind !== 'STAGING') {
    return { ...last, next: 'ROLLBACK', reason: `${rollout}: release ${task.executionId} is not under way: ${over}` };
  }
  const { deployments = {}, startedAt = isoTime(Date.now()) } = last;
  const earlierAlarms = alarmsOfEarlierWaves(task);
  const alarmNames = { ...earlierAlarms, ...alarmsOf(thisRollout) };
  const earlier = Object.keys(earlierAlarms);
  const names = [...Object.keys(deployments), ...earlier];
  const answers = await bounded(names, ENVIRONMENTS_AT_ONCE, (name) =>
    readEnvironment(readShifts, task, name, deployments[name], alarmNames[name]),
  );
  const outcome = decideWatch({
    rollout,
    kind: thisRollout.kind,
    observeMinutes: observeMinutes(thisRollout, release),
    deployments,
    earlier,
    alarmNames,
    answers: Object.fromEntries(names.map((name, index) => [name, answers[index]])),
    startedAt,
    waits,
    observedMinutes: last.observedMinutes ?? 0,
    attempt: last.attempt,
    silentSince: last.silentSince ?? {},
    legStartedAt,
    now: Date.now(),
  });
  return outcome.next === 'ROLLBACK' ? { ...outcome, next: decideBadEnd(release?.rollouts[rollout], last) } : outcome;
}

/** Returns the minutes of observation. An emergency shortens the traffic cycle, and nothing else. */
const observeMinutes = ({ kind, observeMinutes }: Rollout, release: Release | undefined): number =>
  kind === 'CANARY' ? Math.min(observeMinutes, release?.trafficCycleMinutes ?? observeMinutes) : observeMinutes;

/** Explains why a release is not under way any more; undefined if it is. */
const endOf = ({ ended, rollingBackSince, rollingBackBecause = 'no reason recorded' }: Release): string | undefined =>
  ended ?? (rollingBackSince && `being rolled back since ${rollingBackSince}, ${rollingBackBecause}`);

/**
 * Reads the release. A ledger that does not answer neither stops the watch nor delays a rollback, which reads it
 * anyway.
 */
async function readRelease(ledger: Ledger, { executionId, rollout }: RolloutTask): Promise<Release | undefined> {
  try {
    return await ledger.release(executionId);
  } catch (error) {
    logLine({ handler: 'watch', rollout, executionId, reason: `the ledger was not read: ${errorText(error)}` });
    return undefined;
  }
}

type Alarms = { readonly [key: string]: readonly string[] };

const alarmsOf = ({ environments }: Rollout): { readonly [environment: string]: Alarms } =>
  Object.fromEntries(Object.entries(environments).map(([name, { alarms }]) => [name, alarms]));

/** Returns the alarms of earlier waves. They stay under watch: a candidate may turn bad there later. */
function alarmsOfEarlierWaves({ plan, thisRollout }: RolloutTask): { readonly [environment: string]: Alarms } {
  const waves = thisRollout.after.map((name) => plan.rollouts[name]).filter(({ kind }) => kind === 'WAVE');
  return Object.assign({}, ...waves.map(alarmsOf));
}

/** Lists the alarms of the targets that are being shifted; those of all targets where nothing is shifted any more. */
const watchedAlarms = (deployments: { readonly [key: string]: string } | undefined, alarms: Alarms = {}): string[] => [
  ...new Set(Object.keys(deployments ?? alarms).flatMap((key) => alarms[key] ?? [])),
];

/** Reads an environment's deployments, and its alarms. One that does not answer keeps no other from being read. */
async function readEnvironment(
  readShifts: ReadShifts,
  { plan }: RolloutTask,
  name: string,
  deployments: { readonly [key: string]: string } | undefined,
  alarms: Alarms,
): Promise<EnvironmentAnswer> {
  try {
    const environment = environmentOf({ plan }, name);
    return {
      deployments: await readShifts(environment, plan.environments[name].targets, deployments ?? {}),
      alarms: await readAlarms(environment, watchedAlarms(deployments, alarms)),
    };
  } catch (error) {
    return { error: errorText(error) };
  }
}

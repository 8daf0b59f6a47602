import { type AlarmFacts, type DeploymentFacts, errorOf, isLost, isOver } from '../aws/facts';
import { minutesSince } from '../core/time';
import { type Revision, sameRevision, showRevision } from '../plan/revision';
import type { RolloutKind } from '../plan/rollout-plan';
import { ALARM_SETTLES_MINUTES } from '../plan/timing';
import { type Serving, servesAlone, showServing } from '../workload/serving';
import { arrived } from './decide-settle';
import type { Deployments } from './state';

/** Facts about one target before its traffic shifts. */
export interface StartFacts {
  readonly environment: string;
  readonly key: string;
  readonly candidate: Revision;
  /** Revision that it served when the release began; undefined if it served nothing. */
  readonly stable: Revision | undefined;
  /** Revisions that it serves now; undefined if it serves nothing. */
  readonly serving: Serving | undefined;
  /** Deployments that this rollout has created already, the latest first. */
  readonly ours: readonly DeploymentFacts[];
  /** Read only of a target that is to be shifted. */
  readonly preflight?: Preflight;
}

/** Facts about a target of an earlier wave. */
export type EarlierFacts = Pick<StartFacts, 'environment' | 'key' | 'candidate' | 'serving'>;

/** Facts that would make AWS refuse, or end, a shift. */
export interface Preflight {
  /** Deployment that occupies the group. */
  readonly busy: DeploymentFacts | undefined;
  /** Last anchor deployment of this rollout. */
  readonly anchor: DeploymentFacts | undefined;
  /** Whether the group's last successful deployment was one to stable: CodeDeploy would return to it. */
  readonly returnsToStable: boolean;
  /** Reasons why callers cannot be split between the stable revision and the candidate, in the words of the kind. */
  readonly refusals: readonly string[];
  /** Names of the alarms that must exist. */
  readonly alarmNames: readonly string[];
  readonly alarms: readonly AlarmFacts[];
}

export type StartDecision =
  /** Every target serves the candidate already. */
  | { readonly do: 'NOTHING'; readonly reason: string }
  | { readonly do: 'REFUSE'; readonly reason: string }
  | { readonly do: 'WAIT'; readonly patience: 'start' | 'anchor'; readonly reason: string }
  /** Set the anchor of these targets first. */
  | { readonly do: 'ANCHOR'; readonly targets: readonly StartFacts[] }
  /** Create the deployments of these targets; those of the others exist. */
  | { readonly do: 'START'; readonly targets: readonly StartFacts[]; readonly started: Deployments };

/**
 * Deployments of a target in one attempt of a rollout. One that CodeDeploy ends for its own reasons is replaced once.
 */
const DEPLOYMENTS = 2;

/** Returns the deployment of this rollout that counts; undefined if there is none, or none any more. */
const present = ({ ours: [latest] }: StartFacts): DeploymentFacts | undefined =>
  latest && !isLost(latest) ? latest : undefined;

/** Returns true if there is something to shift, and no deployment of this rollout does it. */
export function isToStart(facts: StartFacts): boolean {
  const { serving, candidate } = facts;
  return !present(facts) && serving !== undefined && !servesAlone(serving, candidate);
}

/**
 * Decides what Start does next, for all targets of the rollout together: all or none.
 *
 * @param earlier the targets of earlier waves
 */
export function decideStart(
  kind: RolloutKind,
  targets: readonly StartFacts[],
  now: number,
  earlier: readonly EarlierFacts[],
): StartDecision {
  const again = targets.some(({ ours: [latest] }) => latest && isLost(latest));
  const refusals = targets.flatMap((each) =>
    [...refusal(kind, each), ...(again ? badEnd(each) : [])].map((reason) => `${placeOf(each)} ${reason}`),
  );
  if (refusals.length > 0) return { do: 'REFUSE', reason: refusals.join('; ') };

  const toStart = targets.filter(isToStart);
  const started = deploymentsOf(targets);
  if (toStart.length === 0 && Object.keys(started).length > 0) return { do: 'START', targets: [], started };
  const hindrances = [
    ...earlier
      .filter((each) => arrived(each).is !== 'SETTLED')
      .map((each) => `${placeOf(each)} ${arrived(each).reason}`),
    ...toStart.flatMap((each) => hindrance(each, now).map((reason) => `${placeOf(each)} ${reason}`)),
  ];
  if (hindrances.length > 0) return { do: 'WAIT', patience: 'start', reason: hindrances.join('; ') };
  if (toStart.length === 0)
    return { do: 'NOTHING', reason: 'nothing to do: every target serves the candidate already' };

  const setting = toStart.filter(({ preflight }) => isUnderWay(preflight?.anchor));
  if (setting.length > 0) {
    return {
      do: 'WAIT',
      patience: 'anchor',
      reason: `the anchor is being set for ${setting.map(placeOf).join(', ')}`,
    };
  }
  const unset = toStart.filter(({ preflight }) => !preflight?.returnsToStable);
  return unset.length > 0 ? { do: 'ANCHOR', targets: unset } : { do: 'START', targets: toStart, started };
}

/** Lists the problems that waiting does not solve. */
function refusal(kind: RolloutKind, facts: StartFacts): readonly string[] {
  const { serving, stable, candidate, ours, preflight } = facts;
  if (present(facts)) return [];
  if (ours.length >= DEPLOYMENTS) {
    return [`was started ${ours.length} times, and CodeDeploy ended it every time: ${ours.map(errorOf).join('; ')}`];
  }
  if (!serving || stable === undefined) return ['serves nothing that could be shifted: publish it again'];
  if (servesAlone(serving, candidate)) {
    const promoted = kind === 'CANARY' && !sameRevision(stable, candidate);
    return promoted
      ? [`serves the candidate, ${showRevision(candidate)}, to everybody: there is nothing left to probe`]
      : [];
  }
  const reasons = [...(preflight?.refusals ?? [])];
  const anchor = preflight?.anchor;
  if (anchor && !isUnderWay(anchor) && anchor.status !== 'Succeeded' && !preflight.returnsToStable) {
    reasons.push(`did not get its anchor: deployment ${anchor.id} ${errorOf(anchor)}`);
  }
  return reasons;
}

/** Finds a bad end of a deployment. While one target is started again, no watch reads the deployments of the others. */
function badEnd(facts: StartFacts): readonly string[] {
  const deployment = present(facts);
  return deployment && isOver(deployment) && deployment.status !== 'Succeeded'
    ? [`is not well: deployment ${deployment.id} ${errorOf(deployment)}`]
    : [];
}

/** Lists the problems that waiting may solve. */
function hindrance({ preflight, serving, stable }: StartFacts, now: number): readonly string[] {
  if (!preflight || !serving || stable === undefined) return ['was not checked'];
  const { busy, anchor, alarmNames, alarms } = preflight;
  const reasons = alarmNames.flatMap((name) =>
    notOk(
      name,
      alarms.find((alarm) => alarm.name === name),
      now,
    ),
  );
  if (busy && busy.id !== anchor?.id) {
    reasons.unshift(`waits for deployment ${busy.id} (${busy.status}) in its deployment group`);
  } else if (!servesAlone(serving, stable)) {
    // Reads lag. A target that stays split is refused when patience ends.
    reasons.unshift(`serves ${showServing(serving)} instead of its stable ${showRevision(stable)}`);
  }
  return reasons;
}

/**
 * Explains why an alarm does not count as OK. PutMetricAlarm leaves the state of an existing alarm as it was. OK counts
 * if it was found after the alarm got its present configuration, or if that has been in force for a while without a
 * change.
 */
function notOk(name: string, alarm: AlarmFacts | undefined, now: number): readonly string[] {
  if (!alarm) return [`alarm ${name} does not exist`];
  if (alarm.state !== 'OK') return [`alarm ${name} is ${alarm.state}, not OK: ${alarm.stateReason}`];
  const { configuredAt, stateUpdatedAt } = alarm;
  const settled =
    configuredAt === undefined ||
    minutesSince(configuredAt, now) >= ALARM_SETTLES_MINUTES ||
    (stateUpdatedAt !== undefined && Date.parse(stateUpdatedAt) >= Date.parse(configuredAt));
  return settled ? [] : [`alarm ${name} is OK, but has not been evaluated since it was configured at ${configuredAt}`];
}

/** Lists the existing deployments, by environment, then by target. */
function deploymentsOf(targets: readonly StartFacts[]): Deployments {
  const found: { [environment: string]: { readonly [key: string]: string } } = {};
  for (const facts of targets) {
    const { environment, key } = facts;
    const deployment = present(facts);
    if (deployment) found[environment] = { ...found[environment], [key]: deployment.id };
  }
  return found;
}

const isUnderWay = (deployment: DeploymentFacts | undefined): boolean =>
  deployment !== undefined && !isOver(deployment);

const placeOf = ({ environment, key }: EarlierFacts): string => `${environment}/${key}`;

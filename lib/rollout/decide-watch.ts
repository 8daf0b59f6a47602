import { type AlarmFacts, type DeploymentFacts, errorOf, isLost } from '../aws/facts';
import { isoTime, minutesSince } from '../core/time';
import type { Verdict } from '../core/verdict';
import type { RolloutRecord } from '../ledger/items';
import type { RolloutKind } from '../plan/rollout-plan';
import { CANARY_DEPLOYMENT_MINUTES, LEG_HOURS, PATIENCE_MINUTES } from '../plan/timing';
import type { Window } from '../plan/window';
import { showWait } from '../plan/window';
import type { Deployments, Outcome } from './state';

/** Deployments and alarms of one environment, or the error of reading them. */
export type EnvironmentAnswer =
  | { readonly deployments: readonly DeploymentFacts[]; readonly alarms: readonly AlarmFacts[] }
  | { readonly error: string };

export interface WatchFacts {
  readonly rollout: string;
  readonly kind: RolloutKind;
  readonly observeMinutes: number;
  /** Deployments of this rollout. */
  readonly deployments: Deployments;
  /** Environments that earlier waves have shifted: only their alarms are watched. */
  readonly earlier: readonly string[];
  /** Alarms that watch this rollout, by environment, then by target. */
  readonly alarmNames: { readonly [environment: string]: { readonly [key: string]: readonly string[] } };
  /** Answers by environment. */
  readonly answers: { readonly [environment: string]: EnvironmentAnswer };
  /** Moment from which on all deployments have been running; ISO 8601. */
  readonly startedAt: string;
  /** Set while the rollout waits for its window, and has no deployments yet. */
  readonly waits?: { readonly until: string; readonly window: Window };
  /** Minutes of observation before that moment. */
  readonly observedMinutes: number;
  readonly attempt: number | undefined;
  readonly silentSince: { readonly [environment: string]: string };
  readonly legStartedAt: string | undefined;
  readonly now: number;
}

/** Verdict on one environment. */
interface Judgement {
  readonly environment: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Moment at which the last of its deployments had shifted all traffic. */
  readonly completedAt?: string;
  /** Whether a deployment has not begun. These minutes do not count as observed. */
  readonly notRunning?: boolean;
  /** Whether CodeDeploy has ended a deployment for a reason of its own. */
  readonly lost?: boolean;
}

/** Judges a rollout in all environments together. Stateless: everything comes from the facts. */
export function decideWatch(facts: WatchFacts): Outcome {
  const { deployments, now } = facts;
  const environments = [...Object.keys(deployments), ...facts.earlier];
  const judgements = environments.map((environment) => judge(facts, environment));
  const failed = judgements.filter(({ verdict }) => verdict === 'FAIL');
  const silent = judgements.filter(({ verdict }) => verdict === 'ERROR');
  const silentSince = Object.fromEntries(
    silent.map(({ environment }) => [environment, facts.silentSince[environment] ?? isoTime(now)]),
  );
  const startedAt = judgements.some(({ notRunning }) => notRunning) ? isoTime(now) : facts.startedAt;
  const answer = (next: Outcome['next'], reason: string, change: Partial<Outcome> = {}): Outcome => ({
    next,
    reason: `${facts.rollout}: ${reason}`,
    startedAt,
    observedMinutes: facts.observedMinutes,
    attempt: facts.attempt,
    deployments,
    silentSince,
    ...change,
  });

  if (failed.length > 0) return answer('ROLLBACK', reasons(failed));
  const gone = silent.filter(
    ({ environment }) => minutesSince(silentSince[environment], now) > PATIENCE_MINUTES.silence,
  );
  if (gone.length > 0) {
    return answer('ROLLBACK', `no answer for more than ${PATIENCE_MINUTES.silence} min from ${reasons(gone)}`);
  }
  if (facts.waits) return waiting(facts, facts.waits, silent, silentSince);
  const observed = observedMinutes(facts, judgements, startedAt);
  const lost = judgements.filter((judgement) => judgement.lost);
  // Start creates it anew once; the second time it gives up.
  if (lost.length > 0) {
    return answer('START', `to be started again: ${reasons(lost)}`, { observedMinutes: observed });
  }
  const open = [...silent, ...judgements.filter(({ verdict }) => verdict === 'INCONCLUSIVE')];
  const progress = `${Math.max(0, Math.floor(observed))} of ${facts.observeMinutes} min observed`;
  if (open.length === 0 && observed >= facts.observeMinutes) return answer('SETTLE', progress);

  const reason = open.length > 0 ? `${progress}; ${reasons(open)}` : progress;
  if (facts.kind === 'CANARY' && oldestMinutes(facts) >= CANARY_DEPLOYMENT_MINUTES) {
    const why = `goes on in new deployments, after ${CANARY_DEPLOYMENT_MINUTES} min in these; ${reason}`;
    return answer('SETTLE', why, { renews: true, observedMinutes: observed });
  }
  return answer(watchOn(facts), reason);
}

/**
 * Decides about an apparent bad end. It may be the work of another machine of the same rollout, from a duplicate start
 * or a retried stage. The other machine may have begun to settle the rollout: Settle then finds out which of the two it
 * is. Or it has gone on in new deployments: Start finds them.
 */
export function decideBadEnd(
  record: RolloutRecord | undefined,
  { attempt = 1 }: Pick<Outcome, 'attempt'>,
): Outcome['next'] {
  if (record === undefined) return 'ROLLBACK';
  if (record.state === 'STARTED' && record.attempt > attempt) return 'START';
  return record.state === 'PASSED' || record.settlingSince !== undefined ? 'SETTLE' : 'ROLLBACK';
}

/**
 * Decides for a rollout that waits for its window, or whose window has opened. Nothing that earlier waves shifted is
 * bad.
 */
function waiting(
  facts: WatchFacts,
  { until, window }: NonNullable<WatchFacts['waits']>,
  silent: readonly Judgement[],
  silentSince: Outcome['silentSince'],
): Outcome {
  const { rollout, now } = facts;
  const opens = Date.parse(until);
  const answer = (next: Outcome['next'], reason: string): Outcome => ({
    next,
    reason: `${rollout} ${reason}`,
    waitsUntil: until,
    silentSince,
  });
  // A region that does not answer may be bad: no more traffic moves until it answers, or patience is over.
  if (silent.length > 0) return answer(watchOn(facts), `${showWait(window, opens)}; ${reasons(silent)}`);
  return now < opens
    ? answer(watchOn(facts), showWait(window, opens))
    : answer('START', 'begins: its window has opened');
}

/** Goes on in this leg, or in a new one when the leg's history is full. */
const watchOn = ({ legStartedAt, now }: WatchFacts): Outcome['next'] =>
  legStartedAt !== undefined && minutesSince(legStartedAt, now) >= LEG_HOURS * 60 ? 'NEW_LEG' : 'WATCH';

/**
 * Judges an environment. PASS: it can settle. INCONCLUSIVE: under way. FAIL: bad. ERROR: no answer, for which there is
 * patience.
 */
function judge(facts: WatchFacts, environment: string): Judgement {
  const answer = facts.answers[environment] ?? { error: 'was not read' };
  if ('error' in answer) return { environment, verdict: 'ERROR', reason: `${environment}: ${answer.error}` };

  const deployments = facts.deployments[environment];
  const alarmNames = facts.alarmNames[environment] ?? {};
  const found = Object.keys(deployments ?? alarmNames).map((key) => {
    const id = deployments?.[key];
    const deployment = answer.deployments.find((each) => each.id === id);
    const names = alarmNames[key] ?? [];
    const alarms = names.map((name) =>
      alarmFinding(
        name,
        answer.alarms.find((alarm) => alarm.name === name),
      ),
    );
    const shift = id === undefined ? [] : [deploymentFinding(facts.kind, id, deployment)];
    return { key, deployment, findings: [...shift, ...alarms] };
  });
  const of = (property: 'notRunning' | 'lost') => found.some(({ findings }) => findings.some((each) => each[property]));
  const notes = { notRunning: of('notRunning'), lost: of('lost') };
  for (const verdict of ['FAIL', 'ERROR', 'INCONCLUSIVE'] as const) {
    const same = found.flatMap(({ key, findings }) =>
      findings.filter((finding) => finding.verdict === verdict).map(({ reason }) => `${environment}/${key} ${reason}`),
    );
    if (same.length > 0) return { environment, verdict, reason: same.join('; '), ...notes };
  }
  const completed = found.flatMap(({ deployment }) => deployment?.completedAt ?? []).toSorted();
  return { environment, verdict: 'PASS', reason: `${environment} is well`, completedAt: completed.at(-1) };
}

interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly notRunning?: boolean;
  readonly lost?: boolean;
}

function deploymentFinding(kind: RolloutKind, id: string, deployment: DeploymentFacts | undefined): Finding {
  if (!deployment) return { verdict: 'ERROR', reason: `CodeDeploy has no data about deployment ${id}` };
  const { status } = deployment;
  switch (status) {
    case 'Failed':
    case 'Stopped':
      return isLost(deployment)
        ? { verdict: 'INCONCLUSIVE', reason: `deployment ${id}: ${errorOf(deployment)}`, lost: true }
        : { verdict: 'FAIL', reason: `deployment ${id}: ${errorOf(deployment)}` };
    case 'Succeeded':
      if (kind === 'CANARY') {
        return { verdict: 'FAIL', reason: `deployment ${id} has promoted the canary before its observation ended` };
      }
      return deployment.completedAt
        ? { verdict: 'PASS', reason: 'has shifted' }
        : { verdict: 'ERROR', reason: `CodeDeploy has no completion time of deployment ${id}` };
    case 'InProgress':
    case 'Baking':
    case 'Ready':
      // A running canary is where it should be; other rollouts have yet to arrive.
      return { verdict: kind === 'CANARY' ? 'PASS' : 'INCONCLUSIVE', reason: `shifts (${status})` };
    default:
      return { verdict: 'ERROR', reason: `deployment ${id} does not run yet: ${status}`, notRunning: true };
  }
}

function alarmFinding(name: string, alarm: AlarmFacts | undefined): Finding {
  if (!alarm) return { verdict: 'ERROR', reason: `alarm ${name} does not exist` };
  if (alarm.state === 'ALARM') return { verdict: 'FAIL', reason: `alarm ${name}: ${alarm.stateReason}` };
  return alarm.state === 'OK'
    ? { verdict: 'PASS', reason: `alarm ${name} is OK` }
    : { verdict: 'ERROR', reason: `alarm ${name} is ${alarm.state}: ${alarm.stateReason}` };
}

/**
 * Returns the minutes of observation. A canary's count from its start, in all its deployments together. Those of any
 * other rollout count from the end of its shift.
 */
function observedMinutes(facts: WatchFacts, judgements: readonly Judgement[], startedAt: string): number {
  const { kind, now } = facts;
  if (kind === 'CANARY') return facts.observedMinutes + minutesSince(startedAt, now);
  const completed = judgements.flatMap(({ completedAt }) => completedAt ?? []).toSorted();
  const last = completed.at(-1);
  return last ? minutesSince(last, now) : 0;
}

/** Returns the age of the oldest deployment, in minutes. */
function oldestMinutes({ answers, startedAt, now }: WatchFacts): number {
  const created = Object.values(answers).flatMap((answer) =>
    'error' in answer ? [] : answer.deployments.flatMap(({ createdAt }) => createdAt ?? []),
  );
  return Math.max(...[startedAt, ...created].map((moment) => minutesSince(moment, now)));
}

const reasons = (judgements: readonly Judgement[]): string => judgements.map(({ reason }) => reason).join('; ');

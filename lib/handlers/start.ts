import { errorText } from '../core/error-text';
import { isoTime } from '../core/time';
import type { Release, RolloutRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { standing } from '../ledger/standing';
import { hasMoved, hasShifted } from '../ledger/started';
import { PATIENCE_MINUTES } from '../plan/timing';
import { askStart } from '../rollout/ask-start';
import { createDeployments } from '../rollout/create-deployments';
import { deadlineMinutes } from '../rollout/deadline';
import { setDeadline } from '../rollout/deadlines';
import { decideStart, type EarlierFacts, type StartDecision, type StartFacts } from '../rollout/decide-start';
import { earlierWaves } from '../rollout/earlier-waves';
import { parseState, type RolloutTask } from '../rollout/parse-state';
import { recordStables } from '../rollout/record-stables';
import { rolloutHandler } from '../rollout/rollout-handler';
import { passage } from '../rollout/rollout-messages';
import type { Deployments, Outcome } from '../rollout/state';
import { waitOr } from '../rollout/waiting';
import { writeStables } from '../rollout/write-stables';
import type { Mark } from '../workload/description';
import { readAlias } from '../workload/lambda/alias';
import { allAnswered, askPlaces, productionOf } from '../workload/places';

/** Starts the deployments of a rollout: all of them, or none. */
export const handler = rolloutHandler('start', start, parseState, passage);

/** A deployment takes 50 h at most, and its hooks some: nothing that is still running is older. */
const LOOK_BACK_HOURS = 96;

/** A release that may run this rollout. */
interface Permitted {
  readonly release: Release;
  readonly token: number | undefined;
  /** When it took production; undefined for staging. */
  readonly takenAt: string | undefined;
}

async function start(task: RolloutTask): Promise<Outcome> {
  try {
    const ledger = ledgerOfPipeline();
    const permitted = await permission(ledger, task);
    if ('reason' in permitted) return { next: 'REFUSED', reason: permitted.reason };
    return await startPermitted(ledger, task, permitted);
  } catch (error) {
    return wait(task, undefined, 'start', errorText(error));
  }
}

/** Whether the release may run this rollout now, and what the ledger says about it. */
async function permission(ledger: Ledger, task: RolloutTask): Promise<Permitted | { readonly reason: string }> {
  const { executionId, thisRollout, rollout } = task;
  const release = await ledger.release(executionId);
  if (!release) return { reason: `release ${executionId} is not in the ledger: its candidate was never collected` };
  const isStaging = thisRollout.kind === 'STAGING';
  const holder = isStaging ? undefined : await ledger.holder();
  const may = isStaging ? undefined : standing(executionId, { holder, release });
  if (may && !may.holds) return { reason: may.reason };
  if (release.ended) return { reason: `release ${executionId} has ended: ${release.ended}` };
  if (release.rollingBackSince) return { reason: `release ${executionId} is being rolled back` };
  const before = thisRollout.after.filter((name) => release.rollouts[name]?.state !== 'PASSED');
  if (before.length > 0) {
    return {
      reason: `${rollout} may run only after ${before.join(', ')}, which has not passed for release ${executionId}`,
    };
  }
  const unpublished = Object.keys(thisRollout.environments).flatMap((name) =>
    Object.keys(task.plan.environments[name].functions)
      .filter((key) => !release.candidates[name]?.[key])
      .map((key) => `${name}/${key}`),
  );
  return unpublished.length > 0
    ? { reason: `the ledger has no candidate for ${unpublished.join(', ')}: publish there, then collect again` }
    : { release, token: may?.token, takenAt: holder?.takenAt };
}

async function startPermitted(ledger: Ledger, task: RolloutTask, permitted: Permitted): Promise<Outcome> {
  const { thisRollout, rollout } = task;
  const { release } = permitted;
  const before = release.rollouts[rollout];
  if (thisRollout.kind === 'CANARY' && before?.state === 'PASSED') {
    return { next: 'DONE', reason: `the canary has passed already: ${before.reason}` };
  }
  const names = Object.keys(thisRollout.environments);
  await recordStables(ledger, task, release, thisRollout.kind === 'STAGING' ? names : productionOf(task));
  const fresh = (await ledger.release(task.executionId)) ?? release;
  const attempt = attemptOf(before);
  const mark: Mark = { executionId: task.executionId, rollout, attempt, purpose: 'shift' };
  const [functions, earlier] = await Promise.all([askAll(task, fresh, names, mark), askEarlier(task, fresh)]);
  const decision = decideStart(thisRollout.kind, functions, Date.now(), earlier);
  return act({ ...permitted, ledger, task, release: fresh, mark }, decision);
}

/** A rollout that was rolled back, or passed and was then left, begins anew; one that has started goes on. */
const attemptOf = (before: RolloutRecord | undefined): number =>
  before === undefined ? 1 : before.state === 'STARTED' ? before.attempt : before.attempt + 1;

async function askAll(
  task: RolloutTask,
  { candidates, stables, rollouts }: Release,
  names: readonly string[],
  mark: Mark,
): Promise<readonly StartFacts[]> {
  const { thisRollout, rollout } = task;
  const lookBack = Date.now() - LOOK_BACK_HOURS * 3_600_000;
  const began = rollouts[rollout]?.at;
  // An hour for clocks that differ.
  const since = new Date(Math.min(lookBack, began ? Date.parse(began) - 3_600_000 : lookBack));
  const answers = await askPlaces(task, names, (place) =>
    askStart(place, {
      candidate: candidates[place.name][place.key],
      stable: stables[place.name]?.[place.key],
      alarmNames: thisRollout.environments[place.name].alarms[place.key] ?? [],
      mark,
      since,
    }),
  );
  return allAnswered(answers).map(({ value }) => value);
}

async function askEarlier(task: RolloutTask, { candidates }: Release): Promise<readonly EarlierFacts[]> {
  const answers = await askPlaces(task, earlierWaves(task), async ({ name, key, environment }) => {
    const candidate = candidates[name]?.[key];
    if (!candidate) throw new Error('the ledger has no candidate for it');
    const alias = await readAlias(environment, candidate);
    return { environment: name, key, candidate: candidate.version, alias };
  });
  return allAnswered(answers).map(({ value }) => value);
}

interface Act extends Permitted {
  readonly ledger: Ledger;
  readonly task: RolloutTask;
  readonly mark: Mark;
}

async function act({ ledger, task, release, token, takenAt, mark }: Act, decision: StartDecision): Promise<Outcome> {
  const { rollout, executionId, thisRollout } = task;
  const before = release.rollouts[rollout];
  const record = (state: RolloutRecord['state'], reason: string, shifted: boolean) =>
    ledger.recordRollout(
      executionId,
      rollout,
      { state, reason, at: isoTime(Date.now()), attempt: mark.attempt, shifted },
      token,
    );

  switch (decision.do) {
    case 'REFUSE':
      return refuse(task, release, decision.reason);
    case 'WAIT':
      return wait(task, release, decision.patience, decision.reason);
    case 'NOTHING':
      if (before?.state !== 'PASSED') await record('PASSED', decision.reason, before?.shifted ?? false);
      return { next: 'DONE', reason: decision.reason };
    case 'BASELINE': {
      const { problems } = await createDeployments(task, release, decision.functions, { ...mark, purpose: 'baseline' });
      const reason = problems.join('; ') || 'the baseline is being set';
      return wait(task, release, 'baseline', reason);
    }
    case 'START': {
      if (thisRollout.kind === 'WAVE' && before?.state === 'PASSED') {
        return refuse(task, release, `${rollout} had passed, but does not serve the candidate any more`);
      }
      // Before anything moves: a region that cannot say what to return to could not be rolled back on its own.
      if (takenAt !== undefined && !hasShifted(release)) {
        const problems = await writeStables(task, release, takenAt);
        if (problems.length > 0) return wait(task, release, 'start', problems.join('; '));
      }
      // Before anything moves: whatever becomes of this machine, somebody looks after the release.
      if (thisRollout.kind !== 'STAGING') {
        const owner = { service: task.plan.service, executionId };
        await setDeadline(owner, rollout, Date.now() + deadlineMinutes(thisRollout) * 60_000);
      }
      // Recorded before the first one is created: whoever reads the ledger knows that traffic may have moved.
      if (before?.state !== 'STARTED') await record('STARTED', `starts in ${names(decision.functions)}`, true);
      const { created, problems } = await createDeployments(task, release, decision.functions, mark);
      if (problems.length > 0) return wait(task, undefined, 'start', problems.join('; '));
      const deployments = merged(decision.started, created);
      return {
        next: 'WATCH',
        reason: `${rollout} has started in ${Object.keys(deployments).join(', ')}`,
        startedAt: isoTime(Date.now()),
        observedMinutes: observedBefore(task, before),
        attempt: mark.attempt,
        deployments,
      };
    }
  }
}

/** Observation that counts already: of earlier deployments, and until one of these had to be started again. */
const observedBefore = ({ last }: RolloutTask, before: RolloutRecord | undefined): number =>
  Math.max(before?.observedMinutes ?? 0, last?.observedMinutes ?? 0);

const names = (functions: readonly StartFacts[]): string =>
  functions.map(({ environment, key }) => `${environment}/${key}`).join(', ');

function merged(a: Deployments, b: Deployments): Deployments {
  const environments = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(environments.map((name) => [name, { ...a[name], ...b[name] }]));
}

/**
 * Nothing was touched: refused. Something may serve the candidate: back, everywhere. Where that is not known (no
 * release is given), the roll back asks the ledger itself, and refuses when nothing has moved.
 */
function refuse({ plan, rollout }: RolloutTask, release: Release | undefined, reason: string): Outcome {
  const moved = release === undefined || hasMoved(release, plan, rollout);
  return { next: moved ? 'ROLL_BACK' : 'REFUSED', reason: `${rollout} cannot start: ${reason}` };
}

function wait(
  task: RolloutTask,
  release: Release | undefined,
  patience: 'start' | 'baseline',
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

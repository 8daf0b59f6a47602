import { readParameters } from '../aws/ssm';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { ShapeError } from '../core/shape';
import { isoTime } from '../core/time';
import { admit, isHeldBack } from '../ledger/admission';
import { ignoringConflict, type Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { standing } from '../ledger/standing';
import { hasMoved, hasStarted } from '../ledger/started';
import { parsePublishedRevision } from '../plan/parse-plan';
import type { PublishedRevision } from '../plan/rollout-plan';
import { deadlineMinutes } from '../rollout/deadline';
import { setDeadline } from '../rollout/deadlines';
import { parseState, type RolloutTask } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { refusal } from '../rollout/rollout-messages';
import type { Outcome } from '../rollout/state';
import { environmentOf, productionOf } from '../workload/places';

/** Records in the ledger what the environments have published for the release, and lets a rollout begin in its window. */
export const handler = rolloutHandler('collect', collect, parseState, refusal);

/** AWS' errors are thrown: the machine tries again, patiently. */
async function collect(task: RolloutTask): Promise<Outcome> {
  const ledger = ledgerOfPipeline();
  const { executionId, commit, thisRollout, machine } = task;
  await ledger.open(executionId, commit);
  if (thisRollout.kind !== 'STAGING') {
    const may = standing(executionId, { holder: await ledger.holder(), release: await ledger.release(executionId) });
    if (!may.holds) return refused(may.reason);
    // Who rolls back stops it. A conflict: the release is being rolled back, so Start refuses.
    if (machine) await ignoringConflict(ledger.recordMachine(executionId, machine));
    const held = await heldBack(ledger, task);
    if (held) return held;
  }
  if (thisRollout.kind === 'WAVE') return { next: 'DONE', reason: 'the canary has recorded what is released' };

  const names = thisRollout.kind === 'CANARY' ? productionOf(task) : Object.keys(thisRollout.environments);
  const published = await bounded(names, ENVIRONMENTS_AT_ONCE, (name) => readEnvironment(task, name));
  const problems = published.flatMap((each) => ('problem' in each ? each.problem : []));
  if (problems.length > 0) return refused(problems.join('; '));
  for (const each of published) {
    if ('candidates' in each) await record(ledger, task, each.name, each.candidates);
  }
  return { next: 'DONE', reason: `recorded what is published in ${names.join(', ')}` };
}

/** What windows and blackouts say against beginning now. Whatever Start refuses anyway, waits for no window. */
async function heldBack(
  ledger: Ledger,
  { executionId, plan, rollout, thisRollout }: RolloutTask,
): Promise<Outcome | undefined> {
  const release = await ledger.release(executionId);
  const isDue = release && thisRollout.after.every((name) => release.rollouts[name]?.state === 'PASSED');
  if (!isDue || release.rollingBackSince || !isHeldBack(release, plan, rollout)) return undefined;
  const admission = admit(plan, rollout, Date.now());
  switch (admission.do) {
    case 'BEGIN':
      return undefined;
    case 'WAIT':
      if (hasMoved(release, plan, rollout)) {
        const at = admission.until + deadlineMinutes(thisRollout) * 60_000;
        await setDeadline({ service: plan.service, executionId }, rollout, at);
      }
      // What earlier waves have shifted is watched meanwhile.
      return { next: 'WATCH', reason: `${rollout} ${admission.reason}`, waitsUntil: isoTime(admission.until) };
    case 'REFUSE':
      // A fleet must not be left split over a blackout.
      return {
        next: hasMoved(release, plan, rollout) ? 'ROLL_BACK' : 'REFUSED',
        reason: `${rollout} cannot start: ${admission.reason}`,
      };
  }
}

type Candidates = { readonly [key: string]: PublishedRevision };

async function readEnvironment(
  task: RolloutTask,
  name: string,
): Promise<{ readonly name: string; readonly candidates: Candidates } | { readonly problem: string }> {
  const functions = Object.entries(task.plan.environments[name].functions);
  const texts = await readParameters(
    environmentOf(task, name),
    functions.map(([, { parameter }]) => parameter),
  );
  try {
    const candidates = functions.map(([key, { parameter }]): [string, PublishedRevision] => {
      const text = texts.get(parameter);
      if (text === undefined) {
        throw new ShapeError(`${name}/${key} has never been published: there is no parameter ${parameter}`);
      }
      return [key, parsePublishedRevision(text, `parameter ${parameter} in ${name}`)];
    });
    return { name, candidates: Object.fromEntries(candidates) };
  } catch (error) {
    if (error instanceof ShapeError) return { problem: error.message };
    throw error;
  }
}

/** Once anything of the environment has started, its candidates stay what they are. */
async function record(ledger: Ledger, { plan, executionId }: RolloutTask, name: string, candidates: Candidates) {
  const release = await ledger.release(executionId);
  if (release && !hasStarted(release, plan, name)) await ledger.recordCandidates(executionId, name, candidates);
}

const refused = (reason: string): Outcome => ({ next: 'REFUSED', reason });

import type { LedgerFacts } from '../ledger/check-holder';
import { ignoringConflict, type Ledger } from '../ledger/ledger';
import { hasStarted } from '../ledger/started';
import { productionOf } from '../workload/fleet';
import type { KindOf } from '../workload/kind';
import { deadlineMinutes } from './deadline';
import { setDeadline } from './deadlines';
import { type CollectDecision, decideCollect, permissionOf } from './decide-collect';
import type { RolloutTask } from './parse-state';
import { readPublished } from './read-published';
import type { Outcome } from './state';

/** Ledger of a rollout, and the kinds of its workload, which need no call. */
export interface CollectTools {
  readonly ledger: Ledger;
  readonly kindOf: KindOf;
}

/**
 * Records in the ledger what the environments have published for the release, and lets a rollout begin in its window.
 * Reads everything before it writes anything. Throws AWS' errors: the machine tries again, patiently.
 */
export async function collect({ ledger, kindOf }: CollectTools, task: RolloutTask): Promise<Outcome> {
  const facts = await readLedger(ledger, task);
  const may = permissionOf(task, facts);
  const names = may === undefined || may.holds ? namesOf(task) : [];
  const published = await readPublished(kindOf, task, names);
  return applyCollect(ledger, task, facts, decideCollect(task, facts, published, Date.now()));
}

async function readLedger(ledger: Ledger, { executionId, thisRollout }: RolloutTask): Promise<LedgerFacts> {
  const release = await ledger.release(executionId);
  return { release, holder: thisRollout.kind === 'STAGING' ? undefined : await ledger.holder() };
}

/**
 * Lists the environments whose candidates are recorded. A wave releases the candidates that the canary has recorded.
 */
function namesOf(task: RolloutTask): readonly string[] {
  switch (task.thisRollout.kind) {
    case 'STAGING':
      return Object.keys(task.thisRollout.environments);
    case 'CANARY':
      return productionOf(task);
    case 'WAVE':
      return [];
  }
}

async function applyCollect(
  ledger: Ledger,
  task: RolloutTask,
  { release }: LedgerFacts,
  decision: CollectDecision,
): Promise<Outcome> {
  const { executionId, commit, machine, thisRollout, plan, rollout } = task;
  if (decision.do === 'REFUSE') return { next: 'REFUSED', reason: decision.reason };
  if (!release) await ledger.open(executionId, commit);
  // A rollback stops this execution. A conflict: the release is being rolled back, so Start refuses.
  if (machine && thisRollout.kind !== 'STAGING') await ignoringConflict(ledger.recordMachine(executionId, machine));
  if (decision.do === 'RECORD') return recordCandidates(ledger, task, decision);
  if (decision.until !== undefined) {
    const at = decision.until + deadlineMinutes(thisRollout) * 60_000;
    await setDeadline({ service: plan.service, executionId }, rollout, at);
  }
  return decision.outcome;
}

/** Records candidates. They stay as they are once anything of their environment has started. */
async function recordCandidates(
  ledger: Ledger,
  { executionId, plan }: RolloutTask,
  { published, reason }: Extract<CollectDecision, { do: 'RECORD' }>,
): Promise<Outcome> {
  for (const each of published) {
    const release = await ledger.release(executionId);
    if (!release || hasStarted(release, plan, each.name) || 'problem' in each) continue;
    await ledger.recordCandidates(executionId, each.name, each.candidates);
  }
  return { next: 'DONE', reason };
}

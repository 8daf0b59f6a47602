import { CliError, EXIT } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { isoTime } from '../../core/time';
import { mayStillStart } from '../decide-end';
import { endReturned, reopenTransitions } from '../end';
import { type Held, holdPipeline } from '../hold-pipeline';
import type { Return } from '../read-return';
import type { Found } from './find-topology';
import { beginInLedger, type LedgerTarget, type Wanted } from './from-ledger';
import { connect, type PipelineSide } from './pipeline-side';
import { readTarget } from './read-target';
import { heldText, type RollbackReport } from './report';
import { rowsOf } from './rows';
import { type Patience, untilReturned } from './until-returned';

export interface RollbackOrder extends Wanted, Patience {
  readonly by: string;
}

/**
 * Returns a release with the operator's own credentials, directly in each region: as the machine would, also when the
 * pipeline's region does not answer. Safe to repeat.
 */
export async function rollback(found: Found, order: RollbackOrder): Promise<RollbackReport> {
  const side = await attempt(() => connect(found));
  const { region } = found.topology.pipeline;
  const held = 'error' in side ? { error: `${region}: ${side.error}` } : await hold(side.value, order);
  const target = 'value' in side ? await fromLedger(side.value, found, order, held) : undefined;
  return target && 'value' in side
    ? await finishWithLedger(side.value, target, held, order)
    : await finishAlone(found, held, order);
}

const hold = (side: PipelineSide, { by, because }: RollbackOrder): Promise<Held> =>
  holdPipeline(side, { service: side.topology.service, by, because });

type Attempt<T> = { readonly value: T } | { readonly error: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: error instanceof CliError ? error.message : errorText(error) };
  }
}

/** Begins the rollback in the ledger; returns undefined when the ledger stops answering. */
async function fromLedger(
  side: PipelineSide,
  { operator }: Found,
  order: RollbackOrder,
  held: Held,
): Promise<LedgerTarget | undefined> {
  try {
    return await beginInLedger(side, operator, order);
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`${error.message}\n${heldText(held, side.topology.service)}`);
    order.print(`the ledger does not answer (${errorText(error)}): the regions' own parameters are read instead`);
    return undefined;
  }
}

async function finishWithLedger(
  side: PipelineSide,
  { release, task, production, ends, ledgerProblem, notes: found }: LedgerTarget,
  held: Held,
  order: RollbackOrder,
): Promise<RollbackReport> {
  // A ledger that could not be updated has no beginning: the rollback begins now.
  const begun = { ...release, rollingBackSince: release.rollingBackSince ?? isoTime(Date.now()) };
  const isBegun = ends || ledgerProblem !== undefined;
  const mayStart = () => isBegun && mayStillStart(begun, Date.now());
  const targets = await untilReturned(task, order, mayStart);
  const rows = rowsOf(targets, production.refused, []);
  let problem = ledgerProblem;
  let closed: string | undefined;
  if (mayStart()) {
    problem ??= 'a handler that was running may still start deployments';
  } else if (ends && rows.every(({ ok }) => ok)) {
    const names = Object.keys(task.plan.environments);
    const ended = await attempt(() => endReturned(side.ledger, release, { names, targets, because: order.because }));
    if ('error' in ended) problem = ended.error;
    else closed = await reopenTransitions(side);
  }
  const notes = closed === undefined ? found : [...found, `The transitions could not be enabled: ${closed}`];
  if (problem === undefined) return report(order, task, { commit: release.commit, rows, held, notes });
  const again = `The ledger has no record of this rollback yet (${problem}): run the command again.`;
  return report(order, task, { commit: release.commit, rows, held, notes: [...notes, again] }, problem);
}

async function finishAlone({ topology, operator }: Found, held: Held, order: RollbackOrder): Promise<RollbackReport> {
  const { task, commit, production, unknown, untouched } = await readTarget(topology, operator, order);
  const targets = await untilReturned(task, order, () => false);
  const rows = rowsOf(targets, [...production.refused, ...unknown], untouched);
  return report(order, task, { commit, rows, held, notes: [] });
}

/** @param problem why production may still be held */
function report(
  { because }: RollbackOrder,
  { plan, release }: Return,
  { rows, held, ...rest }: Pick<RollbackReport, 'commit' | 'rows' | 'held' | 'notes'>,
  problem?: string,
): RollbackReport {
  const isDone = rows.every(({ ok }) => ok);
  const isRecorded = 'hold' in held && problem === undefined;
  const exitCode = !isDone ? EXIT.NOT_DONE : isRecorded ? EXIT.OK : EXIT.NOT_HELD;
  return { service: plan.service, executionId: release.executionId, because, rows, held, ...rest, exitCode };
}

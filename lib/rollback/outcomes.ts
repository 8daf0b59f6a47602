import type { Release } from '../ledger/items';
import { PATIENCE_MINUTES } from '../plan/timing';
import type { Outcome, RollbackError } from '../rollout/state';
import { waitOr } from '../rollout/waiting';
import type { RollbackTask } from './parse-task';
import { type ReturnedTarget, reasonsOf, textOf } from './return-all';

/** Answers while at least one target is not on stable; undefined when all are. */
export function stillOpen(task: RollbackTask, because: string, result: readonly ReturnedTarget[]): Outcome | undefined {
  const open = result.filter(({ state }) => state === 'OPEN');
  const gone = result.filter(({ state }) => state === 'GONE');
  const reason = reasonsOf([...gone, ...open]);
  if (open.length > 0) return wait(task, because, reason);
  // A missing revision does not come back by waiting.
  return gone.length > 0 ? incomplete(reason, because) : undefined;
}

export function rolledBack(
  to: string,
  names: readonly string[],
  result: readonly ReturnedTarget[],
  because: string,
): string {
  const left = result.filter(({ state }) => state === 'LEFT').map(textOf);
  return `rolled back to ${to} in ${names.join(', ')}: ${because}${left.length > 0 ? ` (left as it is: ${left.join('; ')})` : ''}`;
}

/**
 * Answers when all targets are on stable, and production is free.
 *
 * @param closed why the transitions could not be enabled for the next release
 */
export function ended(
  because: string,
  { reason = because, endedAt }: Pick<Release, 'reason' | 'endedAt'>,
  closed: string | undefined,
): Outcome {
  if (closed === undefined) return end('DONE', 'RolledBack', reason);
  // This patience begins at the end: the rollback's own may be used up.
  return waitOr((why) => end('DONE', 'RolledBack', `${reason}; ${why}`), {
    last: endedAt === undefined ? undefined : { next: 'WAIT', reason, waitingSince: endedAt },
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.reopen,
    reason: notEnabled(closed),
    keep: { because },
  });
}

export const notEnabled = (closed: string): string => `the transitions could not be enabled: ${closed}`;

export const nothing = (reason: string): Outcome => ({ next: 'NOTHING', reason });

export const refused = (reason: string): Outcome => end('REFUSED', 'Refused', reason);

export const end = (next: 'DONE' | 'REFUSED', error: RollbackError, reason: string): Outcome => ({
  next,
  error,
  reason,
});

const incomplete = (why: string, because: string): Outcome =>
  end('REFUSED', 'RollbackIncomplete', `the rollback is not complete, production stays held: ${why}; ${because}`);

export function wait(task: RollbackTask, because: string, reason: string): Outcome {
  return waitOr((why) => incomplete(why, because), {
    last: task.last,
    now: Date.now(),
    patienceMinutes: PATIENCE_MINUTES.rollback,
    reason: `rolls back: ${reason}`,
    keep: { because, machine: task.last?.machine },
  });
}

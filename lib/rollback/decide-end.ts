import { minutesSince } from '../core/time';
import type { Release } from '../ledger/items';
import { HANDLER_MINUTES } from '../plan/timing';

/**
 * Returns true if a handler may still start deployments of a release whose rollback has begun. A running handler goes
 * on after its execution is stopped and after the mark in the ledger. It may belong to the execution in the ledger, or
 * to a second one that Step Functions or a person has started of the same rollout. The ledger keeps the next handler
 * from starting. One minute more is for the last call of such a handler.
 *
 * A release that rolls a completed one back has no handler of a rollout.
 */
export const mayStillStart = ({ rollingBackSince, returns }: Release, now: number): boolean =>
  returns === undefined &&
  (rollingBackSince === undefined || minutesSince(rollingBackSince, now) <= HANDLER_MINUTES + 1);

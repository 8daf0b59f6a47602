import { WORKLOAD_KINDS } from '../../plan/kinds';
import type { Workloads } from '../target';
import { kindOf } from './kinds';
import { targetAt } from './targets';

/** All kinds of workloads. */
export const workloads: Workloads = { kindOf, targetAt };

/** Returns true if a revision of any kind can have this name. */
export const isRevisionName = (text: string): boolean =>
  WORKLOAD_KINDS.some((kind) => {
    try {
      kindOf(kind).named(text, 'revision');
      return true;
    } catch {
      return false;
    }
  });

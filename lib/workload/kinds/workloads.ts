import type { Workloads } from '../target';
import { kindOf } from './kinds';
import { targetAt } from './targets';

/** All kinds of workloads. */
export const workloads: Workloads = { kindOf, targetAt };

import { BUDGET_CASES } from './budget-cases';
import type { GateCase } from './case';
import { SILENT_CASES } from './silent-cases';
import { TROUBLE_CASES } from './trouble-cases';

/** All cases of an error budget: every state that a gate can find, and every fault that hides it. */
export const GATE_CASES: readonly GateCase[] = [...BUDGET_CASES, ...SILENT_CASES, ...TROUBLE_CASES];

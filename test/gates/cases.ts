import { BUDGET_CASES } from './budget-cases';
import type { GateCase } from './case';
import { SILENT_CASES } from './silent-cases';
import { TROUBLE_CASES } from './trouble-cases';

/** Everything that a gate can find out about an error budget, and what keeps it from finding out. */
export const GATE_CASES: readonly GateCase[] = [...BUDGET_CASES, ...SILENT_CASES, ...TROUBLE_CASES];

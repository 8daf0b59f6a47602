import type { WorkloadKind } from '../../plan/kinds';
import { parseKind } from '../../plan/revision';
import type { Kind } from '../kind';
import { lambdaKind } from '../lambda/kind';

const KINDS: { readonly [kind in WorkloadKind]: Kind } = {
  LAMBDA: lambdaKind,
};

/** Finds a kind by its name. */
export const kindOf = (name: string): Kind => KINDS[parseKind(name, 'kind') as WorkloadKind];

import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CheckConfig } from '../../lib/gate/check-config';
import { show } from '../core/validation';
import type { GateCheck } from './gate-check';
import type { GateContext } from './gate-context';

/** Maximum number of checks: the gate's message names every check that blocks. */
const MAX_CHECKS = 20;

/** Checks of a pipeline, in their order, and the needs of its gate. */
export interface BoundChecks {
  readonly configs: readonly CheckConfig[];
  /** Permissions of the gate's role. */
  readonly grants: readonly PolicyStatement[];
  /** Names of parameters whose change may end a block. */
  readonly parameters: readonly string[];
  /** Names of the checks that report how much of a budget is left. */
  readonly budgets: readonly string[];
}

/**
 * Binds the checks to their pipeline.
 *
 * @throws if two have one name, which messages and metrics could not distinguish, or if there are too many
 */
export function bindChecks(checks: readonly GateCheck[], context: GateContext): BoundChecks {
  if (checks.length > MAX_CHECKS) {
    throw new Error(
      `gate has ${checks.length} checks, but at most ${MAX_CHECKS} are answered in one message: put several into one GateCheck.custom`,
    );
  }
  const configs = checks.map((check) => check._bind(context));
  const names = configs.map(({ name }) => name.toLowerCase());
  const twice = configs.find(({ name }, i) => names.indexOf(name.toLowerCase()) !== i);
  if (twice) {
    throw new Error(
      `gate has two checks that are called ${show(twice.name)}, whatever the case of its letters: rename one of them. To rename one of two slos, use GateCheck.errorBudget(slo, { name }) in gateChecks`,
    );
  }
  return {
    configs,
    grants: checks.flatMap((check) => check._grants(context)),
    parameters: checks.flatMap((check) => check._parameters(context)),
    budgets: configs.filter((_each, i) => checks[i]._hasBudget).map(({ name }) => name),
  };
}

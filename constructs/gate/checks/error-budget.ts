import type { Duration } from 'aws-cdk-lib';
import type { ErrorBudgetConfig } from '../../../lib/gate/checks/error-budget';
import { show, wholeMinutes } from '../../core/validation';
import { BudgetPolicy } from '../budget-policy';
import { commonConfig } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding, GateContext } from '../gate-context';
import type { Slo } from '../slo';

/** Options of the check of an error budget. */
export interface ErrorBudgetOptions extends GateCheckOptions {
  /**
   * Policy that decides when the budget is overspent, and for how long that blocks.
   *
   * @default - the organization's standard, else `BudgetPolicy.untilRecovered()`
   */
  readonly policy?: BudgetPolicy;

  /**
   * Maximum time without data of a region that has served. Longer silence is an ERROR: no data is not success. At least
   * 5 minutes, at most 28 days.
   *
   * @default - 24 hours; 15 minutes for an uptime, which has a point every minute
   */
  readonly silentAfter?: Duration;
}

const PROPERTY = 'GateCheck.errorBudget';
const SILENT = { minimum: 5, maximum: 28 * 24 * 60, requests: 24 * 60, uptime: 15 };

export function errorBudget(slo: Slo, options: ErrorBudgetOptions): CheckBinding<ErrorBudgetConfig> {
  const common = commonConfig(options, PROPERTY, slo._name);
  const source = slo._source;
  const silentMinutes = options.silentAfter
    ? wholeMinutes(options.silentAfter, `${PROPERTY}: silentAfter`)
    : source.kind === 'UPTIME'
      ? SILENT.uptime
      : SILENT.requests;
  if (silentMinutes < SILENT.minimum || silentMinutes > SILENT.maximum) {
    throw new Error(
      `${PROPERTY}: silentAfter is ${silentMinutes} min, but must be ${SILENT.minimum}–${SILENT.maximum}: metrics come some minutes late, and a month without data is never healthy`,
    );
  }
  // Metrics are read with the roles of the environments.
  return {
    hasBudget: true,
    bind: (context) => {
      checkRegions(slo, context);
      const policy = options.policy ?? context.budgetPolicy ?? BudgetPolicy.untilRecovered();
      if (source.kind === 'APPLICATION_SIGNALS' && policy._policy.kind !== 'UNTIL_RECOVERED') {
        throw new Error(
          `${PROPERTY}: policy of ${show(slo._name)} counts calendar months, but Application Signals keeps that budget itself, over its own interval: use BudgetPolicy.untilRecovered(), or measure the objective by Slo.availability`,
        );
      }
      const fastBurn = policy._fastBurnFor(slo.objective);
      return {
        kind: 'ERROR_BUDGET',
        ...common,
        objective: slo.objective,
        source,
        policy: policy._policy,
        ...(policy._warnBelow !== undefined && { warnBelow: policy._warnBelow }),
        ...(fastBurn !== undefined && { fastBurn }),
        silentMinutes,
      };
    },
    signalsSlos: (region) =>
      source.kind === 'APPLICATION_SIGNALS' && (source.regions ?? [region]).includes(region) ? [source.sloId] : [],
  };
}

/** SLOs of Application Signals are read in the account of production; metrics may also be in other regions of it. */
function checkRegions({ _source: source, _name }: Slo, { production, service }: GateContext): void {
  if (source.kind !== 'APPLICATION_SIGNALS') return;
  const unknown = source.regions?.find((region) => !production.includes(region));
  if (unknown !== undefined) {
    throw new Error(
      `Slo.applicationSignals: regions of ${show(_name)} has ${show(unknown)}, but production of ${show(service)} is in ${production.join(', ')}: remove it`,
    );
  }
}

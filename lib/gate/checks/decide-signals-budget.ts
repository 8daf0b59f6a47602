import type { BudgetReport, ReportAnswer } from '../../budget/budget-report';
import type { Finding } from '../../core/finding';

/** Part of the check's configuration that Application Signals leaves open. */
interface SignalsBudgetConfig {
  readonly name: string;
  readonly source: { readonly sloId: string };
  /** In percent. */
  readonly warnBelow?: number;
}

/** Checks the error budget that Application Signals keeps: the worst region counts. */
export function signalsBudget(
  { name, source, warnBelow }: SignalsBudgetConfig,
  answers: readonly ReportAnswer[],
): Finding {
  const reports = answers.flatMap((answer) => ('error' in answer ? [] : [answer]));
  const errors = answers.flatMap((answer) => ('error' in answer ? [`${answer.region}: ${answer.error}`] : []));
  const lefts = reports.flatMap((report) => leftOf(report) ?? []);
  const budgetLeft = lefts.length > 0 ? Math.min(...lefts) : undefined;
  const of = (status: string) => reports.filter((report) => report.status === status).map(shown);
  const slo = `SLO ${source.sloId}`;
  const breached = of('BREACHED');
  if (breached.length > 0) {
    const unblockedBy = 'Application Signals reports the budget as no longer spent';
    const reason = `the error budget of ${slo} is spent: ${breached.join('; ')}`;
    return { check: name, verdict: 'FAIL', reason, unblockedBy, measured: budgetLeft, limit: 0, budgetLeft };
  }
  if (errors.length > 0) {
    return { check: name, verdict: 'ERROR', reason: `${slo} could not be read: ${errors.join('; ')}`, budgetLeft };
  }
  const silent = reports.filter(({ status }) => status !== 'OK' && status !== 'WARNING').map(shown);
  if (silent.length > 0) {
    return { check: name, verdict: 'INCONCLUSIVE', reason: `not enough data about ${slo}: ${silent.join('; ')}` };
  }
  const reason = `the error budget of ${slo} is not spent: ${reports.map(shown).join('; ')}`;
  const isLow = budgetLeft !== undefined && warnBelow !== undefined && budgetLeft < warnBelow;
  const warning = isLow ? `${budgetLeft.toFixed(1)} % of the budget left < ${warnBelow} %` : undefined;
  return { check: name, verdict: 'PASS', reason, budgetLeft, measured: budgetLeft, limit: 0, warning };
}

const leftOf = ({ total, remaining }: BudgetReport): number | undefined =>
  total !== undefined && remaining !== undefined && total > 0 ? (100 * remaining) / total : undefined;

function shown(report: BudgetReport): string {
  const { region, status, attainment, goal } = report;
  const left = leftOf(report);
  const parts = [
    attainment !== undefined && goal !== undefined ? `${attainment.toFixed(3)} % attained, goal ${goal} %` : undefined,
    left !== undefined ? `${left.toFixed(1)} % of the budget left` : undefined,
  ].filter((part) => part !== undefined);
  return `${region} ${status}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

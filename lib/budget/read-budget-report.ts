import { readSloBudget } from '../aws/application-signals';
import type { Environment } from '../aws/environment-clients';
import type { ReportAnswer } from './budget-report';

/** Reads Application Signals' report on the budget of one SLO, in one region. */
export async function readBudgetReport(environment: Environment, sloId: string, now: number): Promise<ReportAnswer> {
  const { region } = environment;
  const { error, report } = await readSloBudget(environment, sloId, new Date(now));
  if (error) return { region, error: `${error.code}: ${error.message}` };
  if (!report?.status) return { region, error: 'Application Signals gave no report' };
  return {
    region,
    status: report.status,
    attainment: report.attainment,
    goal: report.goal,
    total: report.totalRequests ?? report.totalSeconds,
    remaining: report.requestsRemaining ?? report.secondsRemaining,
  };
}

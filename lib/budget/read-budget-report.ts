import {
  ApplicationSignalsClient,
  BatchGetServiceLevelObjectiveBudgetReportCommand,
} from '@aws-sdk/client-application-signals';
import { type Environment, perEnvironment } from '../aws/environment-clients';
import type { ReportAnswer } from './budget-report';

const signals = perEnvironment((config) => new ApplicationSignalsClient(config));

/** Reads Application Signals' report on the budget of one SLO, in one region. */
export async function readBudgetReport(environment: Environment, sloId: string, now: number): Promise<ReportAnswer> {
  const { region } = environment;
  const { Reports, Errors } = await signals(environment).send(
    new BatchGetServiceLevelObjectiveBudgetReportCommand({ Timestamp: new Date(now), SloIds: [sloId] }),
  );
  const [problem] = Errors ?? [];
  if (problem) return { region, error: `${problem.ErrorCode}: ${problem.ErrorMessage}` };
  const [report] = Reports ?? [];
  if (!report?.BudgetStatus) return { region, error: 'Application Signals gave no report' };
  return {
    region,
    status: report.BudgetStatus,
    attainment: report.Attainment,
    goal: report.Goal?.AttainmentGoal,
    total: report.TotalBudgetRequests ?? report.TotalBudgetSeconds,
    remaining: report.BudgetRequestsRemaining ?? report.BudgetSecondsRemaining,
  };
}

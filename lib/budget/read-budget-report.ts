import {
  ApplicationSignalsClient,
  BatchGetServiceLevelObjectiveBudgetReportCommand,
} from '@aws-sdk/client-application-signals';
import { type Environment, perEnvironment } from '../aws/environment-clients';

/** What Application Signals reports of the budget of one SLO in one region. */
export interface BudgetReport {
  readonly region: string;
  /** `OK`, `WARNING`, `BREACHED`, `INSUFFICIENT_DATA`. */
  readonly status: string;
  /** In percent. */
  readonly attainment?: number;
  /** In percent. */
  readonly goal?: number;
  /** Seconds or requests; the same for both. */
  readonly total?: number;
  readonly remaining?: number;
}

/** What was read in one region: its report, or why there is none. */
export type ReportAnswer = BudgetReport | { readonly region: string; readonly error: string };

const signals = perEnvironment((config) => new ApplicationSignalsClient(config));

/** What Application Signals says of the budget of one SLO, in one region. */
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

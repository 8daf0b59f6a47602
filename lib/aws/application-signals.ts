import {
  ApplicationSignalsClient,
  BatchGetServiceLevelObjectiveBudgetReportCommand,
} from '@aws-sdk/client-application-signals';
import { type Environment, perEnvironment } from './environment-clients';

/** Answer of Application Signals about the budget of one SLO: an error, a report, or neither. */
export interface SloBudgetFacts {
  readonly error?: { readonly code?: string; readonly message?: string };
  readonly report?: {
    readonly status?: string;
    /** In percent. */
    readonly attainment?: number;
    /** In percent. */
    readonly goal?: number;
    readonly totalRequests?: number;
    readonly totalSeconds?: number;
    readonly requestsRemaining?: number;
    readonly secondsRemaining?: number;
  };
}

const signals = perEnvironment((config) => new ApplicationSignalsClient(config));

/** Reads the report on the budget of one SLO at one moment. */
export async function readSloBudget(environment: Environment, sloId: string, at: Date): Promise<SloBudgetFacts> {
  const { Reports, Errors } = await signals(environment).send(
    new BatchGetServiceLevelObjectiveBudgetReportCommand({ Timestamp: at, SloIds: [sloId] }),
  );
  const [error] = Errors ?? [];
  const [report] = Reports ?? [];
  return {
    error: error && { code: error.ErrorCode, message: error.ErrorMessage },
    report: report && {
      status: report.BudgetStatus,
      attainment: report.Attainment,
      goal: report.Goal?.AttainmentGoal,
      totalRequests: report.TotalBudgetRequests,
      totalSeconds: report.TotalBudgetSeconds,
      requestsRemaining: report.BudgetRequestsRemaining,
      secondsRemaining: report.BudgetSecondsRemaining,
    },
  };
}

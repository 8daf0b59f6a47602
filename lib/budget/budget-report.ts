/** Application Signals' report on the budget of one SLO in one region. */
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

/** Answer of one region: its report, or the reason why there is none. */
export type ReportAnswer = BudgetReport | { readonly region: string; readonly error: string };

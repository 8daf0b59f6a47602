import type { AlarmFacts, FunctionAnswer, StoredParameter } from '../aws/facts';
import type { ReportAnswer } from '../budget/budget-report';
import type { Counted, Point } from '../budget/measure';
import type { Sampling } from '../budget/periods';
import type { Release, Stable } from '../ledger/items';
import type { CheckConfig } from './check-config';
import type { GateRequest } from './request';

/** A release at a gate, and the data that its checks read. All checks run at the same time, and each reads what it needs. */
export interface Candidate {
  readonly service: string;
  readonly request: GateRequest;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Checks that this gate runs. */
  readonly checks: readonly CheckConfig[];
  /** Last release that completed. It shows which regions and functions have served. */
  stable(): Promise<Stable | undefined>;
  /** Production regions that have served a stable revision, in their order, and those that never have. */
  served(): Promise<Served>;
  /** Ledger's record of the release. */
  release(): Promise<Release | undefined>;
  /** Parameters by name, in the pipeline's account and region. Those that do not exist are missing. */
  parameters(names: readonly string[]): Promise<ReadonlyMap<string, StoredParameter>>;
  /** Alarms by name, in the account of a region. Those that do not exist are missing. */
  alarms(region: string, names: readonly string[]): Promise<readonly AlarmFacts[]>;
  /** Metrics of a region, in their order. */
  metrics(region: string, counted: readonly Counted[], sampling: Sampling): Promise<readonly (readonly Point[])[]>;
  /** Budget of an SLO of Application Signals. */
  budgetReport(region: string, sloId: string): Promise<ReportAnswer>;
  /** Answer of a Lambda function in the pipeline's account and region. */
  invoke(functionName: string, request: object): Promise<FunctionAnswer>;
}

export interface Served {
  readonly served: readonly string[];
  readonly neverServed: readonly string[];
}

import type { Verdict } from '../../lib/core/verdict';
import type { ErrorBudgetConfig } from '../../lib/gate/checks/error-budget';
import type { Fault } from '../local-aws/call';
import type { MetricName } from '../local-aws/metric-data';

/** A case for a gate and its expected verdict, run in a local AWS and in front of moto. */
export interface GateCase {
  /** The given facts, in a few words. */
  readonly name: string;
  readonly verdict: Verdict;
  /** Feature that the case needs and moto does not have; for the table of proofs. */
  readonly beyondMoto?: string;
  /** Returns the given facts at this moment: the gate runs right after it. */
  readonly given: (now: number) => Given;
}

export interface Given {
  /** Properties of the check that differ from `CHECK`. */
  readonly check?: Partial<ErrorBudgetConfig>;
  /** Further checks of the gate: the properties that differ from `CHECK`. */
  readonly besides?: readonly Partial<ErrorBudgetConfig>[];
  /** Production's regions. Default: both of `REGIONS`. */
  readonly production?: readonly string[];
  /** The functions that have served, by region; none where the service has never served. Default: one in each region. */
  readonly served?: { readonly [region: string]: readonly string[] };
  /** Values in the order of their times, metric by metric. */
  readonly written: readonly Written[];
  readonly trouble?: Trouble;
  /** Expected text of the reason. */
  readonly reason: string | RegExp;
  /** Expected end of the block, where it is known: milliseconds since 1970. */
  readonly until?: number;
}

/** A value of a metric, written in one region. */
export interface Written {
  readonly region: string;
  readonly metric: MetricName;
  readonly at: number;
  readonly value: number;
}

/** Faults of AWS. */
export interface Trouble {
  /** Services by their names in signatures. CodePipeline is never one of them: the answer would be lost. */
  readonly services: readonly string[];
  /** Region of the faults. Default: everywhere. */
  readonly region?: string;
  /** Number of calls that fail. Default: all. */
  readonly times?: number;
  /** `refused`: nobody listens at the service's address. */
  readonly fault: Fault | { readonly kind: 'refused' };
}

export const SERVICE = 'shop';
export const PRODUCTION_ACCOUNT = '333333333333';
export const REGIONS = ['eu-west-1', 'us-east-1'] as const;
export const [EUROPE, AMERICA] = REGIONS;

export const RELEASE = { executionId: 'e-2', commit: 'c0ffee1234567890' };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Builds the policy of a rolling window of so many days. */
export const rolling = (days: number): ErrorBudgetConfig['policy'] => ({
  kind: 'UNTIL_RECOVERED',
  windowMinutes: days * 24 * 60,
});

/** Allows 40.32 min of downtime in 28 days. */
export const CHECK: ErrorBudgetConfig = {
  kind: 'ERROR_BUDGET',
  name: 'availability 99.9',
  stages: ['Canary', 'Production'],
  objective: 99.9,
  source: { kind: 'REQUESTS' },
  policy: rolling(28),
  silentMinutes: 60,
};

/** Returns true if the fault is for the service and the region of this call. */
export const isIn = ({ services, region }: Trouble, call: { readonly service: string; readonly region: string }) =>
  services.includes(call.service) && (region === undefined || region === call.region);

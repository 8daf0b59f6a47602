import type { BudgetPolicyConfig, BudgetSource } from '../budget/config';
import type { BlockingRules } from '../core/finding';

/** The two gates of a pipeline: at the head of Canary, and before the first wave of Production. */
export type GateStage = 'Canary' | 'Production';

/**
 * What the gate function is configured with: JSON in its environment variable `GATE`. Made at synth, read by parse-config.ts.
 */
export interface GateConfig {
  readonly schema: 1;
  readonly service: string;
  /** By region, which is the environment's name: the account. */
  readonly production: { readonly [region: string]: string };
  readonly checks: readonly CheckConfig[];
  /** Who may break the glass, and how far the traffic cycle may then be shortened. None: nobody may. */
  readonly breakGlass?: BreakGlassConfig;
}

export type CheckConfig =
  | ErrorBudgetConfig
  | CadenceConfig
  | LoadTestConfig
  | ReadinessConfig
  | FreezeConfig
  | OpenAlarmsConfig
  | CustomConfig;

interface Common extends BlockingRules {
  /** Unique in its pipeline. */
  readonly name: string;
  /** The gates that ask it. */
  readonly stages: readonly GateStage[];
}

/** The error budget of one objective. */
export interface ErrorBudgetConfig extends Common {
  readonly kind: 'ERROR_BUDGET';
  /** In percent, such as 99.99. */
  readonly objective: number;
  readonly source: BudgetSource;
  readonly policy: BudgetPolicyConfig;
  /** Percentage of the budget that is left below which the team is warned. */
  readonly warnBelow?: number;
  /** Burn rate above which a release is blocked at once; none when it cannot be reached or is not wanted. */
  readonly fastBurn?: number;
  /** A region that has served and has had no data for so long is an ERROR. */
  readonly silentMinutes: number;
}

/** Not several releases a day. Counts releases that completed. */
export interface CadenceConfig extends Common {
  readonly kind: 'CADENCE';
  /** Of a calendar day in `timeZone`. */
  readonly maxPerDay?: number;
  /** From the end of the last release. */
  readonly minimumMinutes?: number;
  readonly timeZone: string;
}

/** The candidate's own load test, in staging. */
export interface LoadTestConfig extends Common {
  readonly kind: 'LOAD_TEST';
  readonly parameter: string;
  /** What the load test was set up with; a result of another configuration does not count. */
  readonly configuration?: string;
}

/** The organization's criteria for services like this one. */
export interface ReadinessConfig extends Common {
  readonly kind: 'READINESS';
  /** The criteria that apply to this service; each has its evidence in the parameter `prefix` + name. */
  readonly criteria: readonly CriterionConfig[];
  readonly prefix: string;
}

export interface CriterionConfig {
  readonly name: string;
  /** What it asks, for people. */
  readonly description?: string;
}

/** Stop the line. */
export interface FreezeConfig extends Common {
  readonly kind: 'FREEZE';
  /** Parameters of which each can freeze: the organization's, and the service's. */
  readonly parameters: readonly string[];
}

/** Production alarms that must not be in ALARM. */
export interface OpenAlarmsConfig extends Common {
  readonly kind: 'OPEN_ALARMS';
  /** By region: names of alarms. */
  readonly alarms: readonly { readonly regions: readonly string[]; readonly names: readonly string[] }[];
}

/** A Lambda function of the organization's or the team's, which answers with a verdict. */
export interface CustomConfig extends Common {
  readonly kind: 'CUSTOM';
  /** Name or ARN, in the pipeline's account and region. */
  readonly functionName: string;
  /** Passed through to it. */
  readonly parameters?: { readonly [name: string]: string };
}

export interface BreakGlassConfig {
  readonly parameter: string;
  /** Name of the only role whose writing counts. */
  readonly roleName: string;
  /** The least that the traffic cycle may be shortened to. */
  readonly trafficCycleMinutes: number;
  /** The traffic cycle that a release has otherwise. */
  readonly ownTrafficCycleMinutes: number;
}

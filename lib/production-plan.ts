/** How production takes the candidate: wave after wave. Minutes and percentages are whole numbers. */

/** How a wave shifts the traffic of each of its regions: equal steps, an equal time apart. */
export interface Steps {
  /** Of each step, 1–99. */
  readonly percentage: number;
  /** Between two steps. */
  readonly intervalMinutes: number;
}

/** A wave, complete and checked. */
export interface PlannedWave {
  /** Unique, and neither `canary` nor `staging`: it names the rollout and the pipeline's action. */
  readonly name: string;
  readonly regions: readonly string[];
  /** None: all at once. */
  readonly steps?: Steps;
  /** Observation after the last step of the last region. */
  readonly bakeMinutes: number;
}

/** A wave as it was asked for. */
export interface AskedWave {
  /** `Wave1`, `Wave2`, … by its place if none is given. */
  readonly name?: string;
  readonly regions: readonly string[];
  readonly steps?: Steps;
  /** The standard's default if none is given. */
  readonly bakeMinutes?: number;
}

/** What the organization's standard says about bakes. */
export interface BakeBounds {
  /** Name of the standard, for messages. */
  readonly standard: string;
  readonly firstMinimum: number;
  readonly firstDefault: number;
  readonly minimum: number;
  readonly default: number;
}

import type { GateCheckOptions } from '../gate-check-options';

/** One thing that the organization asks of services before they are released. */
export interface ReadinessCriterion {
  /**
   * Names the criterion, and the parameter of its evidence: 1–50 letters, digits, `.`, `_` and `-`. Unique in its check.
   */
  readonly name: string;

  /**
   * What it asks, for the people who read that it is missing; at most 100 characters.
   *
   * @default - its name says it
   */
  readonly description?: string;

  /**
   * The criticalities of services that it applies to, in the organization's words.
   *
   * @default - it applies to every service
   */
  readonly criticalities?: string[];
}

/** The organization's criteria of production readiness. */
export interface ProductionReadinessOptions extends GateCheckOptions {
  /** The criteria; 1–20. */
  readonly criteria: ReadinessCriterion[];
}

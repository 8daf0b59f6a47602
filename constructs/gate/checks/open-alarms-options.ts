import type { GateCheckOptions } from '../gate-check-options';

/** Alarms of production, by their names. */
export interface ProductionAlarms {
  /** Names of metric or composite alarms, in the accounts of the service's production. At least one. */
  readonly names: string[];

  /**
   * The production regions that have them.
   *
   * @default - all production regions of the service
   */
  readonly regions?: string[];
}

/** Which alarms must not be open. */
export interface OpenAlarmsOptions extends GateCheckOptions {
  /**
   * Further alarms, such as those that page the team. At most 100 names a region, the service's own included.
   *
   * @default - none
   */
  readonly alarms?: ProductionAlarms[];

  /**
   * Whether the alarms that watch the service's waves count, those that the team has given to its workload included.
   *
   * @default true
   */
  readonly waveAlarms?: boolean;
}

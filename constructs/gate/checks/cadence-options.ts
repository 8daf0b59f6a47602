import type { Duration } from 'aws-cdk-lib';
import type { GateCheckOptions } from '../gate-check-options';

/** How often a service may be released. At least one of the two rules. */
export interface CadenceOptions extends GateCheckOptions {
  /**
   * How many releases may complete on one calendar day; a whole number of 1–100.
   *
   * @default - any number
   */
  readonly maxPerDay?: number;

  /**
   * The least time between the end of one release and the next gate: whole minutes, from 1 minute to 30 days.
   *
   * @default - none
   */
  readonly minimumInterval?: Duration;

  /**
   * Where days begin and end: a time zone of the IANA database, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

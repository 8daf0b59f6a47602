import type { Duration } from 'aws-cdk-lib';
import type { CadenceConfig } from '../../../lib/gate/checks/cadence';
import { checkTimeZone, known, wholeMinutes, wholeNumber } from '../../core/validation';
import { commonConfig } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding } from '../gate-context';

/** Limits of how often a service is released. At least one of the two rules. */
export interface CadenceOptions extends GateCheckOptions {
  /**
   * Maximum number of releases that complete on one calendar day; a whole number of 1–100.
   *
   * @default - any number
   */
  readonly maxPerDay?: number;

  /**
   * Minimum time between the end of one release and the next gate: whole minutes, from 1 minute to 30 days.
   *
   * @default - none
   */
  readonly minimumInterval?: Duration;

  /**
   * Time zone of the IANA database in which days begin and end, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

const PROPERTY = 'GateCheck.cadence';
const MAX_MINUTES = 30 * 24 * 60;

export function cadence(options: CadenceOptions): CheckBinding<CadenceConfig> {
  const { maxPerDay, minimumInterval, timeZone = 'UTC' } = options ?? {};
  if (maxPerDay === undefined && minimumInterval === undefined) {
    throw new Error(
      `${PROPERTY} has neither maxPerDay nor minimumInterval, and would let everything pass: set one of them, such as { maxPerDay: 2 }`,
    );
  }
  known(timeZone, `${PROPERTY}: timeZone`);
  checkTimeZone(timeZone, `${PROPERTY}: timeZone`);
  const config: CadenceConfig = {
    kind: 'CADENCE',
    ...commonConfig(options, PROPERTY, 'cadence'),
    ...(maxPerDay !== undefined && {
      maxPerDay: wholeNumber(maxPerDay, `${PROPERTY}: maxPerDay`, 1, 100, 'it counts the releases of a day'),
    }),
    ...(minimumInterval && { minimumMinutes: interval(minimumInterval) }),
    timeZone,
  };
  return { bind: () => config };
}

function interval(duration: Duration): number {
  const property = `${PROPERTY}: minimumInterval`;
  const minutes = wholeMinutes(duration, property);
  if (minutes < 1 || minutes > MAX_MINUTES) {
    throw new Error(
      `${property} is ${minutes} min, but must be 1–${MAX_MINUTES} min (30 days): for a longer wait use GateCheck.freeze`,
    );
  }
  return minutes;
}

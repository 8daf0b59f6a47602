import type { Duration } from 'aws-cdk-lib';
import { known, wholeMinutes, wholeNumber } from '../../core/validation';
import { checkTimeZone } from '../../production/deployment-window';
import { commonConfig } from '../common';
import type { BoundCheck } from '../gate-context';
import type { CadenceOptions } from './cadence-options';

const PROPERTY = 'GateCheck.cadence';
const LONGEST_MINUTES = 30 * 24 * 60;

export function cadence(options: CadenceOptions): BoundCheck {
  const { maxPerDay, minimumInterval, timeZone = 'UTC' } = options ?? {};
  if (maxPerDay === undefined && minimumInterval === undefined) {
    throw new Error(
      `${PROPERTY} has neither maxPerDay nor minimumInterval, and would let everything pass: set one of them, such as { maxPerDay: 2 }`,
    );
  }
  known(timeZone, `${PROPERTY}: timeZone`);
  checkTimeZone(timeZone, `${PROPERTY}: timeZone`);
  const config = {
    kind: 'CADENCE' as const,
    ...commonConfig(options, PROPERTY, 'cadence'),
    ...(maxPerDay !== undefined && {
      maxPerDay: wholeNumber(maxPerDay, `${PROPERTY}: maxPerDay`, 1, 100, 'it counts the releases of a day'),
    }),
    ...(minimumInterval && { minimumMinutes: interval(minimumInterval) }),
    timeZone,
  };
  return { bind: () => config, grants: () => [] };
}

function interval(duration: Duration): number {
  const property = `${PROPERTY}: minimumInterval`;
  const minutes = wholeMinutes(duration, property);
  if (minutes < 1 || minutes > LONGEST_MINUTES) {
    throw new Error(
      `${property} is ${minutes} min, but must be 1–${LONGEST_MINUTES} min (30 days): what waits longer is frozen, for which there is GateCheck.freeze`,
    );
  }
  return minutes;
}

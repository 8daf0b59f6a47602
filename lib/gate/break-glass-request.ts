import type { StoredParameter } from '../aws/facts';
import { count, literal, maybe, moment, type ObjectOf, type Reader, refuse, words } from '../core/shape';
import { isoTime } from '../core/time';
import { type Reading, readParameter } from './parameter';

const wholeMinutes: Reader<number> = (value, at) => {
  const minutes = count(value, at);
  return Number.isInteger(minutes) && minutes >= 1 ? minutes : refuse(value, at, 'whole minutes, at least 1');
};

const FIELDS = {
  schema: literal(1),
  /** Names the incident, such as its number. */
  incident: words,
  reason: words,
  /** The person. */
  by: words,
  /** ISO 8601, UTC. */
  until: moment,
  /** The release it is for: an execution of the pipeline. */
  executionId: words,
  /** Shortened traffic cycle of the canary. */
  trafficCycleMinutes: maybe(wholeMinutes),
};

/** Content of the break-glass parameter, which a person writes. */
export type BreakGlassRequest = ObjectOf<typeof FIELDS>;

/**
 * Reads the break-glass parameter.
 *
 * @param executionId of the release at the gate, for the example of a valid value
 */
export function readBreakGlassRequest(
  name: string,
  parameter: StoredParameter,
  executionId: string,
  now: number,
): Reading<BreakGlassRequest> {
  const example = {
    schema: 1,
    incident: 'INC-1234',
    reason: 'checkout is down',
    by: 'Jo Doe',
    until: isoTime(now + 2 * 3_600_000),
    executionId,
  };
  return readParameter(name, parameter, example, FIELDS);
}

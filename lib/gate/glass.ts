import { instant } from '../core/instant';
import { count, optional, ShapeError } from '../core/shape';
import { type Reading, readParameter, type StoredParameter, words } from './parameter';

/** What a person writes into the parameter of break glass. */
export interface Glass {
  /** Names the incident, such as its number. */
  readonly incident: string;
  readonly reason: string;
  /** The person. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  /** The release it is for: an execution of the pipeline. */
  readonly executionId: string;
  /** What the canary's traffic cycle is shortened to. */
  readonly trafficCycleMinutes?: number;
}

/** @param executionId of the release that asks, for the example of a right value */
export function readGlass(name: string, parameter: StoredParameter, executionId: string, now: number): Reading<Glass> {
  const example = {
    schema: 1,
    incident: 'INC-1234',
    reason: 'checkout is down',
    by: 'Jo Doe',
    until: new Date(now + 2 * 3_600_000).toISOString(),
    executionId,
  };
  return readParameter(name, parameter, example, (field) => {
    const [schema, at] = field('schema');
    if (schema !== 1) throw new ShapeError(`${at} must be 1, but is ${JSON.stringify(schema) ?? 'missing'}`);
    return {
      incident: words(...field('incident')),
      reason: words(...field('reason')),
      by: words(...field('by')),
      until: instant(...field('until')),
      executionId: words(...field('executionId')),
      trafficCycleMinutes: optional(...field('trafficCycleMinutes'), wholeMinutes),
    };
  });
}

function wholeMinutes(value: unknown, at: string): number {
  const minutes = count(value, at);
  if (Number.isInteger(minutes) && minutes >= 1) return minutes;
  throw new ShapeError(`${at} must be whole minutes, at least 1, but is ${minutes}`);
}

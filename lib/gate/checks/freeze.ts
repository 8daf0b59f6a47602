import type { StoredParameter } from '../../aws/facts';
import type { Finding } from '../../core/finding';
import { listOf, maybe, moment, type Shape, text, words } from '../../core/shape';
import { isoTime, showMoment } from '../../core/time';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';
import { type Reading, readParameter } from '../parameter';

const readConfig = configOf('FREEZE', {
  /** Parameters that can freeze releases: the organization's, and the service's. */
  parameters: listOf(text),
});
export type FreezeConfig = Shape<typeof readConfig>;

/** Parameters that were found. */
export interface FreezeFacts {
  /** Parameters by name. A parameter that does not exist is missing. */
  readonly parameters: { readonly [name: string]: StoredParameter | undefined };
}

const FIELDS = { until: maybe(moment), reason: words, by: words };

/** A person's order to release nothing. */
interface Freeze {
  readonly parameter: string;
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Milliseconds since 1970. Undefined: the freeze lasts until the parameter is removed. */
  readonly until?: number;
}

/** Checks that neither the organization nor the service is frozen. */
export function checkFreeze(
  { name: check, parameters: names }: FreezeConfig,
  facts: FreezeFacts,
  now: number,
): Finding {
  const found = names.flatMap((name) => {
    const parameter = facts.parameters[name];
    return parameter ? [readFreeze(name, parameter, now)] : [];
  });
  const freezes = found.flatMap((each) => ('value' in each ? [each.value] : []));
  const wrong = found.flatMap((each) => ('wrong' in each ? [each.wrong] : []));
  const active = freezes.filter(({ until }) => until === undefined || until > now);
  if (active.length > 0) {
    return {
      check,
      verdict: 'FAIL',
      reason: [...active.map(show), ...wrong].join('; '),
      since: isoTime(Math.min(...active.map(({ since }) => since))),
      ...ending(active),
    };
  }
  if (wrong.length > 0) {
    const unblockedBy = 'the parameter is corrected or removed';
    return { check, verdict: 'ERROR', reason: wrong.join('; '), unblockedBy };
  }
  const expired = freezes.map(
    ({ parameter, by, until = now }) => `the freeze of ${by} in ${parameter} expired ${showMoment(until)}`,
  );
  return {
    check,
    verdict: 'PASS',
    reason: expired.join('; ') || `nothing is frozen: there is no ${names.join(', no ')}`,
  };
}

/** Finds the end of all freezes: the latest counts, and a freeze without an end outlasts all others. */
function ending(active: readonly Freeze[]): Pick<Finding, 'until' | 'unblockedBy'> {
  const endless = active.filter(({ until }) => until === undefined).map(({ parameter }) => parameter);
  if (endless.length > 0) {
    return {
      unblockedBy: `the parameter${endless.length > 1 ? 's' : ''} ${endless.join(' and ')} ${endless.length > 1 ? 'are' : 'is'} removed`,
    };
  }
  return { until: isoTime(Math.max(...active.map(({ until = 0 }) => until))) };
}

function readFreeze(name: string, parameter: StoredParameter, now: number): Reading<Freeze> {
  const example = { reason: 'payment outage', by: 'Jo Doe', until: isoTime(now + 24 * 3_600_000) };
  const read = readParameter(name, parameter, example, FIELDS);
  if ('wrong' in read) return read;
  const { reason, by, until } = read.value;
  const since = Date.parse(parameter.modifiedAt);
  return { value: { parameter: name, reason, by, since, until: until === undefined ? undefined : Date.parse(until) } };
}

const show = ({ parameter, reason, by, since, until }: Freeze): string =>
  `frozen by ${by} since ${showMoment(since)} ${until === undefined ? 'without an end' : `until ${showMoment(until)}`}: ${reason} (${parameter})`;

/** Blocks every release while the organization or the service is frozen. */
export const freeze: CheckKind<FreezeConfig, FreezeFacts> = {
  kind: 'FREEZE',
  readConfig,
  readFacts: async ({ parameters }, candidate) => ({
    parameters: Object.fromEntries(await candidate.parameters(parameters)),
  }),
  decide: checkFreeze,
};

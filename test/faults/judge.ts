import { type Case, GATED } from './case';
import { CANDIDATE, type Ending, STABLE } from './ending';
import { invocation } from './injector';
import { isTransient, kindNamed } from './kinds';
import { isGate, RELEASE } from './release-run';
import type { Site } from './site';

/** Required outcome of a case, derived from the fault and its moment, never written for one case. */
export type Expected =
  /** The release ends as if nothing had been. */
  | 'completed'
  /** The rollback ends as if nothing had been. */
  | 'rolled back'
  /** All of production serves the stable version, whatever returned it. */
  | 'on stable'
  /** A gate without an answer lets no release pass: all of production stays on stable. */
  | 'blocked'
  /** One revision serves everywhere, and the ledger names it. */
  | 'one revision'
  /** As before; or all of it on stable, with the alarm of a rollback that could not verify or record this. */
  | 'one revision or alarm'
  /** As before; or the alarm names every place that is left. */
  | 'one revision or left with an alarm';

/** Operations without which nothing can be returned: the release's facts, the role, and the alias itself. */
const LAST_RESORT: readonly string[] = [
  'dynamodb:GetItem',
  'sts:AssumeRole',
  'lambda:GetAlias',
  'lambda:UpdateAlias',
  invocation('Rollback'),
];

/** Operations that the checks of a gate depend on. */
const READ_BY_CHECKS: readonly string[] = [
  'monitoring:GetMetricData',
  'monitoring:DescribeAlarms',
  'ssm:GetParameters',
  'sts:AssumeRole',
];

const isReadByChecks = ({ action, caller, operation, about }: Site): boolean =>
  caller === 'gate' && isGate(action) && (READ_BY_CHECKS.includes(operation) || about === 'stable');

/** Returns true if a gate cannot read a fact that it needs, however often it tries. It must then have blocked. */
export const mustBlock = ({ scenario, trouble }: Case): boolean =>
  scenario === 'healthy' &&
  trouble.is === 'call' &&
  isReadByChecks(trouble.site) &&
  kindNamed(trouble.kind).lasts !== 'request';

/**
 * Derives the required outcome of a case.
 *
 * @param ofRollback operations that a rollback calls: without their permission it need not reach its end
 */
export function expectedOf({ scenario, trouble }: Case, ofRollback: ReadonlySet<string>): Expected {
  if (scenario === 'canary left alone') return 'on stable';
  if (trouble.is === 'kill' || trouble.is === 'pipeline') return 'one revision';
  if (trouble.is === 'call' && !isTransient(kindNamed(trouble.kind))) {
    const { operation, caller } = trouble.site;
    // No rollback is gated, and the gate's role is its own. Broken glass also overrides checks without an answer.
    if (caller === 'gate')
      return isReadByChecks(trouble.site) && scenario !== 'glass broken' ? 'blocked' : 'one revision';
    if (LAST_RESORT.includes(operation)) return 'one revision or left with an alarm';
    return ofRollback.has(operation) ? 'one revision or alarm' : 'one revision';
  }
  return scenario === 'healthy' || GATED.includes(scenario) ? 'completed' : 'rolled back';
}

/** Lists the differences from the required outcome. */
export function judge(expected: Expected, ending: Ending): readonly string[] {
  const { version, running, held, holder, ended, incomplete } = ending;
  if (incomplete.length > 0) {
    if (expected === 'one revision or left with an alarm') return alarmed(ending);
    if (expected !== 'one revision or alarm') return [`the rollback is not complete: ${incomplete[0]}`];
    return [...(version === STABLE ? [] : ['not all on stable, in spite of the last resort']), ...alarmed(ending)];
  }
  const problems = running.map((each) => `still running: ${each}`);
  if (expected === 'on stable') return [...problems, ...(version === STABLE ? [] : ['not all on stable'])];
  if (expected === 'blocked' && (ended === 'COMPLETED' || version !== STABLE))
    problems.push('a gate let a release pass without its facts');
  if (expected === 'completed' && ended !== 'COMPLETED') problems.push(`expected COMPLETED, not ${ended}`);
  if (expected === 'rolled back' && ended !== 'ROLLED_BACK') problems.push(`expected ROLLED_BACK, not ${ended}`);
  const right = ended === 'COMPLETED' ? CANDIDATE : STABLE;
  if (version !== right) problems.push(`not all on version ${right}, although the release ${ended ?? 'has not ended'}`);
  // A release that has moved nothing may hold on: the next one takes over, which each case tries.
  if (ended !== undefined && held && holder === RELEASE) problems.push(`${ended}, but holds production`);
  return problems;
}

/** Checks that the alarm's text names every place that is off stable or still moves, and that production stays held. */
function alarmed({ served, running, held, incomplete, notified }: Ending): readonly string[] {
  const left = Object.entries(served).filter(
    ([place, shares]) =>
      shares !== JSON.stringify({ [STABLE]: 1 }) || running.some((each) => each.startsWith(place.split('/')[0])),
  );
  const unnamed = left.filter(([place]) => !incomplete.some((cause) => cause.includes(place)));
  return [
    ...unnamed.map(([place, shares]) => `${place} ${shares} is left, but no alarm names it`),
    ...(notified.includes('rollback incomplete') ? [] : ['the team was not notified of the alarm']),
    ...(left.length > 0 && !held ? ['a place is left, but production is free'] : []),
  ];
}

/** Describes an ending in a few words, for the table. */
export function outcomeOf({ ended, incomplete, held }: Ending, retried: readonly string[]): string {
  if (incomplete.length > 0) return 'alarm';
  const again = retried.length > 0 ? `, ${retried.join(', ')} tried again` : '';
  return (
    (ended?.toLowerCase().replace('_', ' ') ?? (held ? 'nothing moved, to be taken over' : 'nothing moved')) + again
  );
}

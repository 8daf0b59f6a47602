import { type Case, GATED } from './case';
import { CANDIDATE, type Ending, STABLE } from './ending';
import { invocation } from './injector';
import { isTransient, kindNamed } from './kinds';
import { isGate, RELEASE } from './release-run';
import type { Site } from './site';

/** What has to come of a case. Derived from what goes wrong and when, never written for one case. */
export type Expected =
  /** The release goes on as if nothing had been. */
  | 'completed'
  /** The rollback goes on as if nothing had been. */
  | 'rolled back'
  /** All of production serves the stable version, whoever sees to it. */
  | 'on stable'
  /** A gate that cannot ask lets the release never pass: all of production stays on stable. */
  | 'blocked'
  /** One revision everywhere, and the ledger says which. */
  | 'one revision'
  /** As before; or all of it on stable, and the alarm of a rollback that could not make sure, or not write it down. */
  | 'one revision or alarm'
  /** As before; or the alarm names what is left. */
  | 'one revision or left with an alarm';

/** Without these, nothing can be returned: who is to return where, how to get there, and the alias itself. */
const LAST_RESORT: readonly string[] = [
  'dynamodb:GetItem',
  'sts:AssumeRole',
  'lambda:GetAlias',
  'lambda:UpdateAlias',
  invocation('Rollback'),
];

/** What the checks of a gate are decided by. */
const ASKED_BY_CHECKS: readonly string[] = [
  'monitoring:GetMetricData',
  'monitoring:DescribeAlarms',
  'ssm:GetParameters',
  'sts:AssumeRole',
];

const isAskedByChecks = ({ action, caller, operation, about }: Site): boolean =>
  caller === 'gate' && isGate(action) && (ASKED_BY_CHECKS.includes(operation) || about === 'stable');

/** Whether a gate could not ask what it has to know, however often it tried: then it must have blocked. */
export const mustBlock = ({ scenario, trouble }: Case): boolean =>
  scenario === 'healthy' &&
  trouble.is === 'call' &&
  isAskedByChecks(trouble.site) &&
  kindNamed(trouble.kind).lasts !== 'request';

/**
 * @param ofRollback what a rollback calls: without the permission for it, it cannot be expected to come to its end
 */
export function expectedOf({ scenario, trouble }: Case, ofRollback: ReadonlySet<string>): Expected {
  if (scenario === 'canary left alone') return 'on stable';
  if (trouble.is === 'kill' || trouble.is === 'pipeline') return 'one revision';
  if (trouble.is === 'call' && !isTransient(kindNamed(trouble.kind))) {
    const { operation, caller } = trouble.site;
    // No rollback is gated, and the gate's role is its own. Broken glass overrides also what could not be asked.
    if (caller === 'gate')
      return isAskedByChecks(trouble.site) && scenario !== 'glass broken' ? 'blocked' : 'one revision';
    if (LAST_RESORT.includes(operation)) return 'one revision or left with an alarm';
    return ofRollback.has(operation) ? 'one revision or alarm' : 'one revision';
  }
  return scenario === 'healthy' || GATED.includes(scenario) ? 'completed' : 'rolled back';
}

/** What is not as it has to be. */
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
    problems.push('a gate let pass what it could not ask');
  if (expected === 'completed' && ended !== 'COMPLETED') problems.push(`expected COMPLETED, not ${ended}`);
  if (expected === 'rolled back' && ended !== 'ROLLED_BACK') problems.push(`expected ROLLED_BACK, not ${ended}`);
  const right = ended === 'COMPLETED' ? CANDIDATE : STABLE;
  if (version !== right) problems.push(`not all on version ${right}, although the release ${ended ?? 'has not ended'}`);
  // A release that has moved nothing may hold on: the next one takes over, which is tried.
  if (ended !== undefined && held && holder === RELEASE) problems.push(`${ended}, but holds production`);
  return problems;
}

/** Every place that is not on stable, or where something still moves, is in the alarm's words; and production stays held. */
function alarmed({ served, running, held, incomplete, told }: Ending): readonly string[] {
  const left = Object.entries(served).filter(
    ([place, shares]) =>
      shares !== JSON.stringify({ [STABLE]: 1 }) || running.some((each) => each.startsWith(place.split('/')[0])),
  );
  const unnamed = left.filter(([place]) => !incomplete.some((cause) => cause.includes(place)));
  return [
    ...unnamed.map(([place, shares]) => `${place} ${shares} is left, but no alarm names it`),
    ...(told.includes('rollback incomplete') ? [] : ['the team was not told of the alarm']),
    ...(left.length > 0 && !held ? ['something is left, but production is free'] : []),
  ];
}

/** In a few words, for the table. */
export function outcomeOf({ ended, incomplete, held }: Ending, retried: readonly string[]): string {
  if (incomplete.length > 0) return 'alarm';
  const again = retried.length > 0 ? `, ${retried.join(', ')} tried again` : '';
  return (
    (ended?.toLowerCase().replace('_', ' ') ?? (held ? 'nothing moved, to be taken over' : 'nothing moved')) + again
  );
}

import { type Case, GATED, type Trouble } from './case';
import { isTransient, kindNamed } from './kinds';
import { siteText } from './site';

/** Maximum number of one-request faults that share a release. */
const SHARED_REQUESTS = 10;

/**
 * Groups cases into releases. Faults that pass may share a release, because each leaves it as if nothing had been:
 * faults in different actions, and one-request faults also in one action. Every other fault has its own release and
 * begins first.
 */
export function grouped(cases: readonly Case[]): Case[][] {
  const alone: Case[][] = [];
  const inRollbacks: Case[][] = [];
  /** Groups by scenario and column; a release takes at most one of each. */
  const columns = new Map<string, Map<string, Case[][]>>();
  for (const each of cases) {
    const { scenario, trouble, column } = each;
    const kind = trouble.is === 'call' ? kindNamed(trouble.kind) : undefined;
    const goesThrough = scenario === 'healthy' || GATED.includes(scenario);
    if (!kind || !isTransient(kind) || (!goesThrough && kind.lasts !== 'request')) {
      alone.push([each]);
    } else if (!goesThrough) {
      join(inRollbacks, each);
    } else {
      const ofScenario = columns.get(scenario) ?? new Map<string, Case[][]>();
      columns.set(scenario, ofScenario);
      const lists = ofScenario.get(column) ?? [];
      ofScenario.set(column, lists);
      if (kind.lasts === 'request') join(lists, each);
      else lists.push([each]);
    }
  }
  const shared = [...columns.values()].flatMap((ofScenario) => sideBySide([...ofScenario.values()]));
  return [...alone, ...inRollbacks, ...shared];
}

/** Joins the first of each list, then the second ones, and so on. */
function sideBySide(lists: readonly Case[][][]): Case[][] {
  const rounds = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, at) => lists.flatMap((list) => list[at] ?? []));
}

/**
 * Puts a case beside others of its kind, but never beside one with an identical call: a count is all that separates
 * those.
 */
function join(lists: Case[][], each: Case): void {
  const place = lists.find(
    (list) =>
      list.length < SHARED_REQUESTS &&
      list.every((other) => fits(other, each) && siteOf(other.trouble) !== siteOf(each.trouble)),
  );
  if (place) place.push(each);
  else lists.push([each]);
}

const fits = (a: Case, b: Case): boolean => a.row === b.row && a.scenario === b.scenario;

const siteOf = (trouble: Trouble): string => (trouble.is === 'call' ? siteText({ ...trouble.site, nth: 1 }) : '');

import type { StoredParameter } from '../../aws/facts';
import type { Finding } from '../../core/finding';
import { listOf, maybe, moment, type ObjectOf, object, type Shape, text, words } from '../../core/shape';
import { isoTime, showMoment } from '../../core/time';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';
import { type Reading, readParameter } from '../parameter';

const readConfig = configOf('READINESS', {
  /** Criteria that apply to this service; each has its evidence in the parameter `prefix` + name. */
  criteria: listOf(object({ name: text, description: maybe(text) })),
  prefix: text,
});
export type ReadinessConfig = Shape<typeof readConfig>;
type CriterionConfig = ReadinessConfig['criteria'][number];

/** Evidence that was found. */
export interface ReadinessFacts {
  /** Parameters by the criterion's name. A criterion without evidence is missing. */
  readonly parameters: { readonly [criterion: string]: StoredParameter | undefined };
}

const FIELDS = { evidence: words, by: words, until: moment };

/** Evidence that a criterion is met: how to see it, the person who says so, and its end. */
type Evidence = ObjectOf<typeof FIELDS>;

/** Warning time before evidence expires and blocks. */
const WARNING_MS = 14 * 24 * 3_600_000;

interface JudgedCriterion {
  readonly criterion: CriterionConfig;
  readonly found: Reading<Evidence> | undefined;
}

/** Checks that each of the organization's criteria has evidence that has not expired. */
export function checkReadiness(config: ReadinessConfig, { parameters }: ReadinessFacts, now: number): Finding {
  const { name: check, criteria, prefix } = config;
  if (criteria.length === 0) return { check, verdict: 'PASS', reason: 'no criterion applies to this service' };
  const judged = criteria.map((criterion): JudgedCriterion => {
    const parameter = parameters[criterion.name];
    return { criterion, found: parameter && readEvidence(`${prefix}${criterion.name}`, parameter, now) };
  });
  const valid = judged.flatMap(({ criterion, found }) =>
    found && 'value' in found ? [{ criterion, until: Date.parse(found.value.until) }] : [],
  );
  const expired = valid.filter(({ until }) => until <= now);
  const missing = judged.filter(({ found }) => !found);
  const wrong = judged.flatMap(({ found }) => (found && 'wrong' in found ? [found.wrong] : []));
  const soon = valid.filter(({ until }) => until > now && until <= now + WARNING_MS);
  const warning =
    soon.length > 0
      ? `evidence expires soon: ${soon.map((each) => `${each.criterion.name} ${showMoment(each.until)}`).join(', ')}`
      : undefined;
  const met = `${valid.length - expired.length} of ${criteria.length} criteria are met`;
  const lacks = [...missing, ...expired].map(({ criterion }) => criterion.name);
  if (lacks.length > 0) {
    const reasons = [
      ...missing.map(({ criterion }) => `${shown(criterion)} has no evidence`),
      ...expired.map(({ criterion, until }) => `the evidence of ${shown(criterion)} expired ${showMoment(until)}`),
      ...wrong,
    ];
    return {
      check,
      verdict: 'FAIL',
      reason: `${met}: ${reasons.join('; ')}`,
      // The start of the block is unknown for evidence that was never there.
      since: missing.length === 0 ? isoTime(Math.min(...expired.map(({ until }) => until))) : undefined,
      unblockedBy: `evidence is written to ${lacks.map((name) => `${prefix}${name}`).join(', ')}`,
      measured: valid.length - expired.length,
      limit: criteria.length,
      warning,
    };
  }
  if (wrong.length > 0) {
    return { check, verdict: 'ERROR', reason: wrong.join('; '), unblockedBy: 'the evidence is corrected', warning };
  }
  const first = valid.reduce((a, b) => (b.until < a.until ? b : a));
  return {
    check,
    verdict: 'PASS',
    reason: `${met}; the first evidence to expire is that of ${first.criterion.name}, ${showMoment(first.until)}`,
    measured: criteria.length,
    limit: criteria.length,
    warning,
  };
}

function readEvidence(name: string, parameter: StoredParameter, now: number): Reading<Evidence> {
  const example = { evidence: 'https://wiki/review-17', by: 'Jo Doe', until: isoTime(now + 90 * 24 * 3_600_000) };
  return readParameter(name, parameter, example, FIELDS);
}

const shown = ({ name, description }: CriterionConfig): string => (description ? `${name} (${description})` : name);

/** Requires evidence that the service meets the organization's criteria. */
export const productionReadiness: CheckKind<ReadinessConfig, ReadinessFacts> = {
  kind: 'READINESS',
  readConfig,
  readFacts: async ({ criteria, prefix }, candidate) => {
    const found = await candidate.parameters(criteria.map(({ name }) => prefix + name));
    return { parameters: Object.fromEntries(criteria.map(({ name }) => [name, found.get(prefix + name)])) };
  },
  decide: checkReadiness,
};

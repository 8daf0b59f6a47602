import type { ReadinessConfig } from '../../../lib/gate/checks/production-readiness';
import { readinessParameterPrefix } from '../../../lib/plan/names';
import { isBuiltIn, known, show } from '../../core/validation';
import { commonConfig, shortText } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding, GateContext } from '../gate-context';

/** One requirement of the organization that services meet before they are released. */
export interface ReadinessCriterion {
  /**
   * Name of the criterion, and of the parameter with its evidence: 1–50 letters, digits, `.`, `_` and `-`. Unique in
   * its check.
   */
  readonly name: string;

  /**
   * Requirement in words, for the people who read that it is not met; at most 100 characters.
   *
   * @default - the name alone
   */
  readonly description?: string;

  /**
   * Criticalities of the services that it applies to, in the organization's words.
   *
   * @default - it applies to every service
   */
  readonly criticalities?: string[];
}

/** The organization's criteria of production readiness. */
export interface ProductionReadinessOptions extends GateCheckOptions {
  /** Criteria; 1–20. */
  readonly criteria: ReadinessCriterion[];
}

const PROPERTY = 'GateCheck.productionReadiness';
const MAX_CRITERIA = 20;
/** Characters of a parameter's name, except for the slash. */
const NAME = /^[A-Za-z0-9._-]{1,50}$/;

export function productionReadiness(options: ProductionReadinessOptions): CheckBinding<ReadinessConfig> {
  const common = commonConfig(options ?? {}, PROPERTY, 'production readiness');
  const criteria = checkCriteria(options?.criteria);
  return {
    bind: (context) => ({
      kind: 'READINESS',
      ...common,
      criteria: applying(criteria, context).map(({ name, description }) => ({
        name,
        ...(description && { description }),
      })),
      prefix: readinessParameterPrefix(context.service),
    }),
    parameters: (context) =>
      applying(criteria, context).map(({ name }) => `${readinessParameterPrefix(context.service)}${name}`),
  };
}

function checkCriteria(criteria: ReadinessCriterion[] | undefined): readonly ReadinessCriterion[] {
  if (!Array.isArray(criteria) || criteria.length < 1 || criteria.length > MAX_CRITERIA) {
    const count = Array.isArray(criteria) ? `has ${criteria.length} criteria` : 'is no list';
    throw new Error(
      `${PROPERTY}: criteria ${count}, but must have 1–${MAX_CRITERIA}: put several into one, or check them with GateCheck.custom`,
    );
  }
  const seen = new Set<string>();
  criteria.forEach(({ name, description, criticalities }, i) => {
    const property = `${PROPERTY}: criteria[${i}]`;
    known(name, `${property}.name`);
    if (!NAME.test(name) || isBuiltIn(name)) {
      throw new Error(
        `${property}.name is ${show(name)}, but must be 1–50 letters, digits, ".", "_" and "-", and no word of JavaScript's objects: it names the parameter of the evidence`,
      );
    }
    if (seen.has(name)) throw new Error(`${property}.name is ${show(name)} for the second time: rename one of the two`);
    seen.add(name);
    if (description !== undefined) shortText(description, `${property}.description`, 100);
    if (criticalities !== undefined) checkCriticalities(criticalities, `${property}.criticalities`);
  });
  return criteria;
}

function checkCriticalities(criticalities: string[], property: string): void {
  if (!Array.isArray(criticalities) || criticalities.length === 0) {
    throw new Error(
      `${property} is ${JSON.stringify(criticalities)}, and would apply to no service: list at least one, or leave it out for every service`,
    );
  }
  criticalities.forEach((each, i) => {
    shortText(known(each, `${property}[${i}]`), `${property}[${i}]`, 50);
  });
}

/** Returns the criteria for services like this one. A service of unknown criticality must not slip through. */
function applying(
  criteria: readonly ReadinessCriterion[],
  { service, criticality }: GateContext,
): readonly ReadinessCriterion[] {
  return criteria.filter(({ name, criticalities }) => {
    if (criticalities === undefined) return true;
    if (criticality === undefined) {
      throw new Error(
        `${PROPERTY}: criterion ${show(name)} applies to services of criticality ${criticalities.map(show).join(' and ')}, but that of ${show(service)} is not known: set criticality on its MicroserviceDeploymentPipeline`,
      );
    }
    return criticalities.includes(criticality);
  });
}

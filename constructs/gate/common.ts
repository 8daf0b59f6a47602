import type { CheckConfig } from '../../lib/gate/check-config';
import type { GateStage as Stage } from '../../lib/gate/request';
import { known, show } from '../core/validation';
import type { GateCheckOptions } from './gate-check-options';
import { GateStage } from './gate-stage';

export type CommonConfig = Pick<CheckConfig, 'name' | 'stages' | 'inconclusiveBlocks' | 'errorBlocks'>;

/** Gates in the order in which a release enters them. */
const STAGES: readonly (readonly [GateStage, Stage])[] = [
  [GateStage.CANARY, 'Canary'],
  [GateStage.PRODUCTION, 'Production'],
];

/** Maximum length of a check's name. Dimensions of metrics take more, but messages contain the name, too. */
export const MAX_CHECK_NAME = 50;

/** Characters of a check's name, as many as `MAX_CHECK_NAME` at most. */
const NAME = /^[A-Za-z0-9.%_-]([A-Za-z0-9 .%_-]{0,48}[A-Za-z0-9.%_-])?$/;

/**
 * Checks the options that all checks have.
 *
 * @param property names the factory in messages: `GateCheck.cadence`
 */
export function commonConfig(options: GateCheckOptions, property: string, defaultName: string): CommonConfig {
  const { inconclusiveBlocks, errorBlocks } = options;
  return {
    name: checkName(options.name ?? defaultName, `${property}: name`),
    stages: stagesOf(options.stages, property),
    // Defaults are left out: the gate's configuration has little space.
    ...(inconclusiveBlocks === false && { inconclusiveBlocks }),
    ...(errorBlocks === false && { errorBlocks }),
  };
}

function checkName(name: string, property: string): string {
  if (!NAME.test(known(name, property))) {
    throw new Error(
      `${property} is ${show(name)}, but must be 1–${MAX_CHECK_NAME} letters, digits, spaces and . % _ -, with no space at either end: it names the check in messages and metrics`,
    );
  }
  return name;
}

function stagesOf(stages: GateStage[] | undefined, property: string): readonly Stage[] {
  if (stages === undefined) return STAGES.map(([, stage]) => stage);
  if (!Array.isArray(stages) || stages.length === 0) {
    throw new Error(
      `${property}: stages is ${JSON.stringify(stages)}, but a check belongs to at least one gate: add GateStage.CANARY or GateStage.PRODUCTION, or leave it out for both`,
    );
  }
  const unknown = stages.find((stage) => !STAGES.some(([known]) => known === stage));
  if (unknown !== undefined) {
    throw new Error(
      `${property}: stages has ${show(unknown)}, but must have gates: use GateStage.CANARY or GateStage.PRODUCTION`,
    );
  }
  return STAGES.filter(([stage]) => stages.includes(stage)).map(([, stage]) => stage);
}

/** Checks a text for people, of one line's length. Tokens pass. */
export function shortText(value: string, property: string, most: number): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > most) {
    throw new Error(
      `${property} is ${show(value)}${typeof value === 'string' ? `, of ${value.length} characters` : ''}, but must have 1–${most}: write it in few words, or leave it out`,
    );
  }
  return value;
}

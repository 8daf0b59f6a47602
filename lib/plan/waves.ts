import { CANARY_ROLLOUT, STAGING_ROLLOUT } from './names';
import type { Window } from './window';

/** Waves of production. Minutes and percentages are whole numbers. */

/** Steps in which a wave shifts the traffic of each of its regions: equal steps, an equal time apart. */
export interface Steps {
  /** Percentage of each step, 1–99. */
  readonly percentage: number;
  /** Minutes between two steps. */
  readonly intervalMinutes: number;
}

/** Wave that is complete and checked. */
export interface PlannedWave {
  /** Unique, and not `canary`, `staging`, `gate` or `CompleteRelease`: it names the rollout and the pipeline's action. */
  readonly name: string;
  readonly regions: readonly string[];
  /** Without steps, all traffic shifts at once. */
  readonly steps?: Steps;
  /** Minutes of observation after the last step of the last region. */
  readonly bakeMinutes: number;
  /** Window in which it may begin. Without one it may always begin. */
  readonly window?: Window;
}

/** Wave as the team defines it, not checked yet. */
export interface AskedWave {
  /** Default: `Wave1`, `Wave2`, … by its place. */
  readonly name?: string;
  readonly regions: readonly string[];
  readonly steps?: Steps;
  /** Default: the standard's. */
  readonly bakeMinutes?: number;
  readonly window?: Window;
}

/** Bounds of the organization's standard for bakes, in minutes. */
export interface BakeBounds {
  /** Name of the standard, for messages. */
  readonly standard: string;
  readonly firstMinimum: number;
  readonly firstDefault: number;
  readonly minimum: number;
  readonly default: number;
}

/**
 * Minutes of a wave, at most. A pipeline's Step Functions action waits for seven days, of which three hours are left
 * for starting and settling.
 */
export const MAX_WAVE_MINUTES = 7 * 24 * 60 - 180;

/**
 * Minutes of a whole release, from its canary's start to the end of its last bake: at most those of one of its actions.
 */
export const MAX_RELEASE_MINUTES = MAX_WAVE_MINUTES;

/** Minutes from the first shift to the last, at most: CodeDeploy's limit for Lambda. */
export const MAX_SHIFT_MINUTES = 2_880;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/;
/** Names of other rollouts, and of the action that ends Production, in lower case. */
const RESERVED = [CANARY_ROLLOUT, STAGING_ROLLOUT, 'gate', 'completerelease'];

/** Returns the minutes from the first to the last shift. The first step is taken at once. */
export const shiftMinutes = (steps: Steps): number => (Math.ceil(100 / steps.percentage) - 1) * steps.intervalMinutes;

/**
 * Checks the waves and completes them: every region is in exactly one, every name is unique, and everything fits into
 * the limits of CodeDeploy, CodePipeline and the standard.
 *
 * @param regions of production, all of them
 * @throws an error that names the wave and the property, the value, the allowed values and the cure
 */
export function planWaves(
  waves: readonly AskedWave[],
  regions: readonly string[],
  bounds: BakeBounds,
): readonly PlannedWave[] {
  if (waves.length === 0) {
    throw new Error('production has no waves, but every region must be in one: add a wave with the regions');
  }
  const planned = waves.map((wave, i) => planWave(wave, i, bounds));
  checkNames(planned);
  checkRegions(planned, regions);
  return planned;
}

function planWave(wave: AskedWave, i: number, bounds: BakeBounds): PlannedWave {
  const name = wave.name ?? `Wave${i + 1}`;
  if (!NAME.test(name) || name in {}) {
    throw new Error(
      `production.waves[${i}].name is ${JSON.stringify(name)}, but must be 1–50 letters, digits, "_" and "-", the first of them ` +
        `a letter or digit: rename the wave, for example "Wave${i + 1}"`,
    );
  }
  if (RESERVED.includes(name.toLowerCase())) {
    throw new Error(
      `production.waves[${i}].name is "${name}", but that is the name of another rollout or action: rename the wave, for example "Wave${i + 1}"`,
    );
  }
  if (wave.regions.length === 0) {
    throw new Error(`production's wave ${name} has no regions: name at least one, or remove the wave`);
  }
  const bakeMinutes = wave.bakeMinutes ?? (i === 0 ? bounds.firstDefault : bounds.default);
  checkBake(name, bakeMinutes, i === 0, bounds);
  const { steps, window } = wave;
  const shift = steps ? checkSteps(name, steps) : 0;
  if (shift + bakeMinutes > MAX_WAVE_MINUTES) {
    throw new Error(
      `production's wave ${name} takes ${shift + bakeMinutes} min (${shift} of shift and ${bakeMinutes} of bake), but at most ` +
        `${MAX_WAVE_MINUTES} are left of a pipeline action's seven days: shorten its bake or its interval`,
    );
  }
  return { name, regions: [...wave.regions], ...(steps && { steps }), bakeMinutes, ...(window && { window }) };
}

/**
 * Refuses a release that could not end within seven days even if no wave ever waited for its window.
 *
 * @throws an error that names the parts
 */
export function checkReleaseFits(trafficCycleMinutes: number, waves: readonly PlannedWave[]): void {
  const parts = [
    { part: `${trafficCycleMinutes} of canary.trafficCycle`, minutes: trafficCycleMinutes },
    ...waves.map(({ name, steps, bakeMinutes }) => {
      const shift = steps ? shiftMinutes(steps) : 0;
      const part = `${shift + bakeMinutes} of wave ${name} (${shift} of shift and ${bakeMinutes} of bake)`;
      return { part, minutes: shift + bakeMinutes };
    }),
  ];
  const total = parts.reduce((sum, { minutes }) => sum + minutes, 0);
  if (total > MAX_RELEASE_MINUTES) {
    throw new Error(
      `A release takes ${total} min in production, but must end within seven days, of which three hours are left for publishing, starting ` +
        `and settling: at most ${MAX_RELEASE_MINUTES}. ${parts.map(({ part }) => part).join(', ')}: shorten canary.trafficCycle, ` +
        'bakes or intervals, or put regions together into fewer waves',
    );
  }
}

/** Checks steps against CodeDeploy's ranges. Returns the minutes that the shift takes. */
function checkSteps(name: string, steps: Steps): number {
  const { percentage, intervalMinutes } = steps;
  if (!Number.isInteger(percentage) || percentage < 1 || percentage > 99) {
    throw new Error(
      `production's wave ${name} has the stepPercentage ${percentage}, but must have a whole number of 1–99: change it, or shift ` +
        'all at once',
    );
  }
  if (!Number.isInteger(intervalMinutes) || intervalMinutes < 1) {
    throw new Error(
      `production's wave ${name} has an interval of ${intervalMinutes} min, but at least 1 whole minute is needed: lengthen it, or ` +
        'shift all at once',
    );
  }
  const shift = shiftMinutes(steps);
  if (shift > MAX_SHIFT_MINUTES) {
    throw new Error(
      `production's wave ${name} shifts for ${shift} min (steps of ${percentage} %, ${intervalMinutes} min apart), but CodeDeploy allows ` +
        `at most ${MAX_SHIFT_MINUTES}: raise stepPercentage or shorten interval`,
    );
  }
  return shift;
}

function checkBake(name: string, minutes: number, first: boolean, bounds: BakeBounds): void {
  const [minimum, property] = first ? [bounds.firstMinimum, 'firstBakeMinimum'] : [bounds.minimum, 'bakeMinimum'];
  if (minutes < minimum) {
    throw new Error(
      `standard "${bounds.standard}": production's wave ${name} has a bake of ${minutes} min, but at least ${minimum} min are ` +
        `required${first ? ' after the first wave' : ''}: lengthen bake, or have the owners of the standard lower ${property}`,
    );
  }
}

/** Checks that names differ by more than case: they name actions that people read. */
function checkNames(waves: readonly PlannedWave[]): void {
  const seen = new Map<string, number>();
  waves.forEach(({ name }, i) => {
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) {
      throw new Error(
        `production.waves[${i}].name is "${name}", but production.waves[${first}] is called "${waves[first].name}": rename one of them`,
      );
    }
    seen.set(name.toLowerCase(), i);
  });
}

function checkRegions(waves: readonly PlannedWave[], regions: readonly string[]): void {
  const waveOf = new Map<string, string>();
  for (const { name, regions: own } of waves) {
    for (const region of own) {
      if (!regions.includes(region)) {
        throw new Error(
          `production's wave ${name} has ${region}, but the production regions are ${regions.join(', ')}: remove it from the wave, ` +
            'or add it to regions',
        );
      }
      const other = waveOf.get(region);
      if (other !== undefined) {
        throw new Error(
          `production's wave ${name} has ${region}, but ${other === name ? 'it has it twice' : `wave ${other} has it too`}: every region is in exactly one ` +
            'wave, remove it from the others',
        );
      }
      waveOf.set(region, name);
    }
  }
  const missing = regions.filter((region) => !waveOf.has(region));
  if (missing.length > 0) {
    throw new Error(`production has no wave for ${missing.join(', ')}: add every region to exactly one wave`);
  }
}

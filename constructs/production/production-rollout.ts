import type { Duration } from 'aws-cdk-lib';
import { type AskedWave, type BakeBounds, type PlannedWave, planWaves, type Steps } from '../../lib/plan/waves';
import { known, wholeMinutes } from '../core/validation';
import type { DeploymentWindow } from './deployment-window';

/** Window and bake of a wave. */
export interface BakeOptions {
  /**
   * Bake time: the alarms are watched this long after all traffic has shifted; whole minutes. At least the standard's
   * `firstBakeMinimum` after the first wave, `bakeMinimum` after later ones.
   *
   * @default - the standard's: 12 hours after the first wave, 2 hours after later ones, unless the platform team chose others
   */
  readonly bake?: Duration;

  /**
   * Window in which a wave may begin. A wave whose window is closed waits, and the regions of earlier waves stay under
   * watch.
   *
   * @default - the standard's `productionWindow`: always, unless the platform team chose another
   */
  readonly window?: DeploymentWindow;
}

/** Equal steps, an equal time apart, and the bake after the last one. */
export interface StepOptions extends BakeOptions {
  /**
   * Share of a region's traffic that moves with each step; a whole percentage of 1–99. The last step takes what is
   * left.
   *
   * @default 25
   */
  readonly stepPercentage?: number;

  /**
   * Time between two steps; whole minutes, at least one. All steps together may take 2,880 minutes.
   *
   * @default Duration.minutes(10)
   */
  readonly interval?: Duration;
}

/** A set of regions that take the candidate together. The options of all waves are its defaults. */
export interface ProductionWave extends StepOptions {
  /**
   * Name of the wave's rollout and of the pipeline's action, for example a country: 1–50 letters, digits, `_` and `-`,
   * unique, and not `canary`, `staging`, `gate` or `CompleteRelease`.
   *
   * @default - `Wave1`, `Wave2`, … by its place
   */
  readonly name?: string;

  /** Regions of the wave, at least one. Every production region is in exactly one wave. */
  readonly regions: string[];

  /**
   * Whether the wave shifts all traffic of its regions at once rather than in steps.
   *
   * @default false
   */
  readonly allAtOnce?: boolean;
}

const STEP_PERCENTAGE = 25;
const INTERVAL_MINUTES = 10;

/**
 * Order and speed in which production moves to a candidate that has passed its canary. Each wave is an action of its
 * own in the pipeline.
 */
export abstract class ProductionRollout {
  /** Shifts all regions in one wave, all of their traffic at once. */
  public static allAtOnce(options: BakeOptions = {}): ProductionRollout {
    return new Waves((regions) => [{ ...options, regions, allAtOnce: true }], {});
  }

  /** Shifts all regions in one wave, in steps: by default 25, 50, 75 and 100 %, ten minutes apart. */
  public static byPercentage(options: StepOptions = {}): ProductionRollout {
    return new Waves((regions) => [{ regions }], options);
  }

  /**
   * Shifts wave after wave, each in steps.
   *
   * @param waves the regions of each wave, in order; a region with little traffic is a good first one
   * @param options of all waves
   */
  public static waves(waves: string[][], options: StepOptions = {}): ProductionRollout {
    listOfWaves(waves);
    const flat = waves.findIndex((regions) => !Array.isArray(regions));
    if (flat >= 0) {
      throw new Error(
        `production.waves[${flat}] is ${JSON.stringify(waves[flat])}, but a wave is a list of regions: put it into brackets`,
      );
    }
    return new Waves(() => waves.map((regions) => ({ regions })), options);
  }

  /**
   * Shifts wave after wave, each with its own name and options: a country, a single region all at once, any mixture.
   *
   * @param waves in order; a region with little traffic is a good first one
   * @param options defaults of the waves
   */
  public static namedWaves(waves: ProductionWave[], options: StepOptions = {}): ProductionRollout {
    listOfWaves(waves);
    const bare = waves.findIndex((wave) => !Array.isArray(wave?.regions));
    if (bare >= 0) {
      throw new Error(
        `production.waves[${bare}].regions is ${JSON.stringify(waves[bare]?.regions)}, but must be a list of regions`,
      );
    }
    return new Waves(() => waves, options);
  }

  /**
   * Returns the waves, complete and checked.
   *
   * @param regions of production, all of them
   * @param window of the standard, for waves that have none
   * @internal
   */
  public abstract _plan(
    regions: readonly string[],
    bounds: BakeBounds,
    window?: DeploymentWindow,
  ): readonly PlannedWave[];
}

function listOfWaves(waves: unknown): void {
  if (!Array.isArray(waves)) {
    throw new Error(`production.waves is ${JSON.stringify(waves)}, but must be a list of waves, in their order`);
  }
}

class Waves extends ProductionRollout {
  public constructor(
    private readonly waves: (regions: string[]) => ProductionWave[],
    private readonly options: StepOptions,
  ) {
    super();
  }

  public _plan(regions: readonly string[], bounds: BakeBounds, window?: DeploymentWindow): readonly PlannedWave[] {
    const options = { ...this.options, window: this.options.window ?? window };
    const asked = this.waves([...regions]).map((wave, i) => askedWave(wave, i, options));
    return planWaves(asked, regions, bounds);
  }
}

function askedWave(wave: ProductionWave, i: number, options: StepOptions): AskedWave {
  const name = wave.name ?? `Wave${i + 1}`;
  known(name, `production.waves[${i}].name`);
  for (const region of wave.regions) {
    known(region, `a region of production's wave ${name}`);
  }
  const bake = wave.bake ?? options.bake;
  return {
    name,
    regions: wave.regions,
    steps: stepsOf(wave, name, options),
    bakeMinutes: bake && wholeMinutes(bake, `the bake of production's wave ${name}`),
    window: (wave.window ?? options.window)?._window,
  };
}

function stepsOf(wave: ProductionWave, name: string, options: StepOptions): Steps | undefined {
  if (wave.allAtOnce) {
    const own = wave.stepPercentage !== undefined ? 'stepPercentage' : wave.interval ? 'interval' : undefined;
    if (own) {
      throw new Error(
        `production's wave ${name} is allAtOnce and has ${own}, which is for steps: remove one of the two`,
      );
    }
    return undefined;
  }
  const interval = wave.interval ?? options.interval;
  return {
    percentage: known(
      wave.stepPercentage ?? options.stepPercentage ?? STEP_PERCENTAGE,
      `the stepPercentage of production's wave ${name}`,
    ),
    intervalMinutes: interval ? wholeMinutes(interval, `the interval of production's wave ${name}`) : INTERVAL_MINUTES,
  };
}

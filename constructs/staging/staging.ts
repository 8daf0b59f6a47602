import type { Duration, Environment } from 'aws-cdk-lib';
import { MAX_WAVE_MINUTES } from '../../lib/plan/waves';
import { type ConcreteEnvironment, concreteEnvironment, wholeMinutes, wholeNumber } from '../core/validation';

/** Extent of the copy of production that staging is. */
export enum StagingKind {
  /** A complete, separate copy of production: the service, its clients and its dependencies. */
  FULL = 'FULL',
  /** A copy of this service alone, which calls the production of other services. */
  PARTIAL = 'PARTIAL',
}

/** Place and size of staging. */
export interface StagingProps {
  /**
   * Account and region of staging, both written out.
   */
  readonly env: Environment;

  /**
   * Staging's capacity as a whole percentage of production's, 1–100. `MicroserviceStack.capacity()` applies it.
   *
   * @default 100
   */
  readonly hostParity?: number;

  /**
   * Bake time: the alarms are watched this long after staging's traffic has shifted, before the staging tests run.
   * Whole minutes, at most 7 days less three hours.
   *
   * @default - none: a release leaves staging as soon as its tests have passed
   */
  readonly bake?: Duration;
}

/**
 * Staging: the phase that runs a release like production, but without real traffic.
 */
export abstract class Staging {
  /**
   * Makes staging a complete, separate copy of production. Clients and dependencies have a staging of their own, so
   * that nothing that happens here can reach production.
   *
   * @throws if account or region is not written out, or a property is out of its range
   */
  public static full(props: StagingProps): Staging {
    return new StagingImpl(StagingKind.FULL, props);
  }

  /**
   * Makes staging an instance of this service that calls the production of the services it depends on. It is cheaper
   * than a full staging, and its tests can do harm: writes to other services are writes to their production.
   *
   * @throws if account or region is not written out, or a property is out of its range
   */
  public static partial(props: StagingProps): Staging {
    return new StagingImpl(StagingKind.PARTIAL, props);
  }

  /** Extent of the copy of production that staging is. */
  public abstract readonly kind: StagingKind;

  /** Staging's capacity as a percentage of production's. */
  public abstract readonly hostParity: number;

  /** @internal */
  public abstract readonly _env: ConcreteEnvironment;

  /** @internal */
  public abstract readonly _bakeMinutes: number;
}

class StagingImpl extends Staging {
  public readonly hostParity: number;
  public readonly _env: ConcreteEnvironment;
  public readonly _bakeMinutes: number;

  public constructor(
    public readonly kind: StagingKind,
    props: StagingProps,
  ) {
    super();
    this._env = concreteEnvironment(props?.env, 'staging.env');
    this.hostParity = wholeNumber(
      props.hostParity ?? 100,
      'staging.hostParity',
      1,
      100,
      "give staging's capacity as a percentage of production's",
    );
    this._bakeMinutes = props.bake ? wholeMinutes(props.bake, 'staging.bake') : 0;
    if (this._bakeMinutes > MAX_WAVE_MINUTES) {
      throw new Error(
        `staging.bake is ${this._bakeMinutes} min, but must be at most ${MAX_WAVE_MINUTES} min, what is left of a pipeline ` +
          "action's seven days: shorten it",
      );
    }
  }
}

import type { IConstruct } from 'constructs';
import type { Blackout } from '../../lib/plan/blackout';
import type { CanaryBounds } from '../../lib/plan/canary-input';
import { checkCanaryPercentage } from '../../lib/plan/canary-input';
import type { BakeBounds } from '../../lib/plan/waves';
import type { CanaryOptions } from '../canary/canary-options';
import { known, wholeMinutes } from '../core/validation';
import type { BudgetPolicy } from '../gate/budget-policy';
import type { GateCheck } from '../gate/gate-check';
import type { DeploymentWindow } from '../production/deployment-window';
import type { Staging } from '../staging/staging';
import { type Limits, limitsOf, MAX_TRAFFIC_CYCLE_MINUTES } from './standard-checks';
import type { DeploymentStandardProps } from './standard-props';
import { InTree } from './tree';

const STANDARDS = new InTree<DeploymentStandard>('standard');

/**
 * The organization's standard of deployment: defaults of every microservice, and their bounds. The platform team sets
 * it once, on the app, before any pipeline is defined. A service outside of the bounds fails synth with a message that
 * names the standard, the property, the value and the bound.
 *
 * The defaults are those of "Production-Ready Microservices" and, for bakes, Amazon's.
 */
export class DeploymentStandard {
  /**
   * Sets the standard for a construct, usually the app, and everything below it. A scope has one standard.
   *
   * @throws if the scope has one already, or if a construct below has read its standard before
   */
  public static set(scope: IConstruct, standard: DeploymentStandard): void {
    const where = place(scope.node.path);
    const own = STANDARDS.own(scope);
    if (own) {
      throw new Error(
        `standard "${standard.name}" cannot be set on ${where}, which has the standard "${own.name}" already: set one of the two`,
      );
    }
    const early = STANDARDS.lookedPastBy(scope);
    if (early !== undefined) {
      throw new Error(
        `standard "${standard.name}" is set on ${where} too late, ${place(early)} has read its standard before: set it before the first pipeline`,
      );
    }
    STANDARDS.put(scope, standard);
  }

  /** Returns the standard that holds for a construct: that of the nearest scope that has one, else the default. */
  public static of(scope: IConstruct): DeploymentStandard {
    return STANDARDS.find(scope) ?? new DeploymentStandard();
  }

  /** Name of the standard in messages. */
  public readonly name: string;

  /** Whether services use the deployment configurations that a `DeploymentBaseline` owns. */
  public readonly sharedDeploymentConfigs: boolean;

  /**
   * Window of waves that set none.
   *
   * @internal
   */
  public readonly _productionWindow?: DeploymentWindow;

  /** @internal */
  public readonly _gateChecks?: readonly GateCheck[];

  /** @internal */
  public readonly _budgetPolicy?: BudgetPolicy;

  private readonly limits: Limits;

  /** @throws if the standard contradicts itself, or exceeds what CodeDeploy can do */
  public constructor(props: DeploymentStandardProps = {}) {
    this.limits = limitsOf(props);
    this.name = this.limits.name;
    this.sharedDeploymentConfigs = props.sharedDeploymentConfigs ?? false;
    this._productionWindow = props.productionWindow;
    this._gateChecks = props.gateChecks;
    this._budgetPolicy = props.budgetPolicy;
  }

  /**
   * Blackouts in their order, past ones included.
   *
   * @internal
   */
  public get _blackouts(): readonly Blackout[] {
    return this.limits.blackouts;
  }

  /**
   * Minimum of a traffic cycle in an emergency, in minutes.
   *
   * @internal
   */
  public get _emergencyTrafficCycle(): number {
    return this.limits.trafficCycle.emergency;
  }

  /** @internal */
  public get _canaryBounds(): CanaryBounds {
    const { minimum, maximum } = this.limits.percentage;
    return { standard: this.name, minimum, maximum, regionMaximum: this.limits.regionMaximum };
  }

  /** @internal */
  public get _bakeBounds(): BakeBounds {
    const { firstBake, bake } = this.limits;
    return {
      standard: this.name,
      firstMinimum: firstBake.minimum,
      firstDefault: firstBake.default,
      minimum: bake.minimum,
      default: bake.default,
    };
  }

  /**
   * Returns the canary's share and its traffic cycle, from the options or the standard's defaults.
   *
   * @internal
   */
  public _resolveCanary(options: CanaryOptions = {}): { percentage: number; trafficCycleMinutes: number } {
    const { percentage, trafficCycle } = this.limits;
    const share = known(options.percentage ?? percentage.default, 'canary.percentage');
    checkCanaryPercentage(share, this._canaryBounds);
    const minutes = options.trafficCycle
      ? wholeMinutes(options.trafficCycle, 'canary.trafficCycle')
      : trafficCycle.default;
    if (minutes < trafficCycle.minimum) {
      throw new Error(
        `standard "${this.name}": canary.trafficCycle is ${minutes} min, but at least ${trafficCycle.minimum} min are required: lengthen ` +
          'canary.trafficCycle, or have the owners of the standard lower trafficCycleMinimum',
      );
    }
    if (minutes > MAX_TRAFFIC_CYCLE_MINUTES) {
      throw new Error(
        `canary.trafficCycle is ${minutes} min, but at most ${MAX_TRAFFIC_CYCLE_MINUTES} min (6 days) fit into the seven days that a pipeline's ` +
          'action waits for a rollout: shorten canary.trafficCycle',
      );
    }
    return { percentage: share, trafficCycleMinutes: minutes };
  }

  /** @internal */
  public _checkStaging(staging: Staging): void {
    const { stagingKinds } = this.limits;
    if (!stagingKinds.includes(staging.kind)) {
      throw new Error(
        `standard "${this.name}": staging is ${staging.kind}, but only ${stagingKinds.join(' and ')} is allowed: use ` +
          `${stagingKinds.map((kind) => `Staging.${kind.toLowerCase()}()`).join(' or ')}, or have the owners of the standard extend stagingKinds`,
      );
    }
  }

  /**
   * Refuses a service that lacks a check of those that the standard requires.
   *
   * @param names of the checks that the service defines
   * @internal
   */
  public _checkChecks(names: readonly string[]): void {
    const missing = this.limits.requiredChecks.find((check) => !names.includes(check));
    if (missing !== undefined) {
      throw new Error(
        `standard "${this.name}": checks has no ${missing}, but every service must define it: add its commands, or have the owners of the ` +
          'standard remove it from requiredChecks',
      );
    }
  }
}

const place = (path: string): string => (path === '' ? 'the app' : `"${path}"`);

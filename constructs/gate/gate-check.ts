import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CheckConfig } from '../../lib/gate/check-config';
import { type CadenceOptions, cadence } from './checks/cadence';
import { type CustomCheckOptions, custom } from './checks/custom';
import { type ErrorBudgetOptions, errorBudget } from './checks/error-budget';
import { type FreezeOptions, freeze } from './checks/freeze';
import { type LoadTestOptions, loadTest } from './checks/load-test';
import { type OpenAlarmsOptions, openAlarms } from './checks/open-alarms';
import { type ProductionReadinessOptions, productionReadiness } from './checks/production-readiness';
import type { CheckBinding, GateContext } from './gate-context';
import { mayReadParameters } from './parameter-access';
import type { Slo } from './slo';

/**
 * A condition that a release must meet to enter Canary or Production. A gate makes all its checks and shows all their
 * verdicts together: PASS, FAIL, INCONCLUSIVE or ERROR, each with its reason. Nothing waits inside a gate: a check that
 * does not pass blocks the release, and says until when as far as that is known.
 */
export abstract class GateCheck {
  /**
   * Passes while the error budget of an objective is not spent, and does not burn fast. A region, or a whole service,
   * that has never served a stable revision is out of its scope; one that has, and has no data now, is an ERROR.
   *
   * @throws if the policy cannot be followed for this objective
   */
  public static errorBudget(slo: Slo, options: ErrorBudgetOptions = {}): GateCheck {
    return new BoundGateCheck(errorBudget(slo, options));
  }

  /**
   * Limits the releases of a service: a maximum of completed releases a calendar day, and a minimum time between two.
   *
   * @throws if neither rule is set, or one is out of its range
   */
  public static cadence(options: CadenceOptions): GateCheck {
    return new BoundGateCheck(cadence(options));
  }

  /**
   * Passes when the candidate's own load test has passed in staging: of its commit, begun after staging served it, and
   * with the required `configuration`. The load test reports to the parameter
   * `/deployment-pipeline/<service>/load-test`.
   */
  public static loadTest(options: LoadTestOptions = {}): GateCheck {
    return new BoundGateCheck(loadTest(options));
  }

  /**
   * Passes when the organization's criteria for services like this one are met. Each has evidence that has not expired,
   * in the parameter `/deployment-pipeline/<service>/readiness/<criterion>`. Use `custom` for criteria that a machine
   * can check.
   *
   * @throws if criteria are for some criticalities, and the service's is not set
   */
  public static productionReadiness(options: ProductionReadinessOptions): GateCheck {
    return new BoundGateCheck(productionReadiness(options));
  }

  /**
   * Passes while nobody has stopped the line: for the organization in the parameter `/deployment-pipeline/freeze`, or
   * for the service in `/deployment-pipeline/<service>/freeze`. A freeze that has expired does not block.
   */
  public static freeze(options: FreezeOptions = {}): GateCheck {
    return new BoundGateCheck(freeze(options));
  }

  /**
   * Passes while no alarm of the service's production is in ALARM: during an outage the effect of a release does not
   * show. The default alarms are those that watch its waves.
   */
  public static openAlarms(options: OpenAlarmsOptions = {}): GateCheck {
    return new BoundGateCheck(openAlarms(options));
  }

  /**
   * Passes when a Lambda function of the organization's or the team's says so. The gate invokes it with the release; it
   * answers with a verdict and a reason. Any other answer is an ERROR.
   *
   * @throws if the function is in another account or region than the pipeline
   */
  public static custom(options: CustomCheckOptions): GateCheck {
    return new BoundGateCheck(custom(options));
  }

  /**
   * Returns the check's part of the gate's configuration.
   *
   * @internal
   */
  public abstract _bind(context: GateContext): CheckConfig;

  /**
   * Returns the permissions that the gate's role needs for it.
   *
   * @internal
   */
  public abstract _grants(context: GateContext): PolicyStatement[];

  /**
   * Returns the parameters that the gate reads for it. A change of one may end a block.
   *
   * @internal
   */
  public abstract _parameters(context: GateContext): readonly string[];

  /**
   * Returns the SLOs that the gate reads with the role of a region's environment, besides metrics and alarms.
   *
   * @internal
   */
  public abstract _signalsSlos(region: string): readonly string[];

  /**
   * Whether it reports how much of a budget is left.
   *
   * @internal
   */
  public abstract readonly _hasBudget: boolean;
}

/** A check of any kind. Kinds are no classes of their own: they would extend the class that makes them. */
export class BoundGateCheck extends GateCheck {
  public constructor(private readonly check: CheckBinding) {
    super();
  }

  public get _hasBudget(): boolean {
    return this.check.hasBudget ?? false;
  }

  public _bind(context: GateContext): CheckConfig {
    return this.check.bind(context);
  }

  public _parameters(context: GateContext): readonly string[] {
    return this.check.parameters?.(context) ?? [];
  }

  public _grants(context: GateContext): PolicyStatement[] {
    return [...mayReadParameters(context, this._parameters(context)), ...(this.check.grants?.(context) ?? [])];
  }

  public _signalsSlos(region: string): readonly string[] {
    return this.check.signalsSlos?.(region) ?? [];
  }
}

import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CheckConfig } from '../../lib/gate/config';
import { cadence } from './checks/cadence-check';
import type { CadenceOptions } from './checks/cadence-options';
import { custom } from './checks/custom-check';
import type { CustomCheckOptions } from './checks/custom-check-options';
import { errorBudget } from './checks/error-budget-check';
import type { ErrorBudgetOptions } from './checks/error-budget-options';
import { freeze } from './checks/freeze-check';
import type { FreezeOptions } from './checks/freeze-options';
import { loadTest } from './checks/load-test-check';
import type { LoadTestOptions } from './checks/load-test-options';
import { openAlarms } from './checks/open-alarms-check';
import type { OpenAlarmsOptions } from './checks/open-alarms-options';
import { productionReadiness } from './checks/production-readiness-check';
import type { ProductionReadinessOptions } from './checks/production-readiness-options';
import type { BoundCheck, GateContext } from './gate-context';
import type { Slo } from './slo';

/**
 * What must be so before a release may go on. A gate asks all its checks and shows all their answers together: PASS, FAIL,
 * INCONCLUSIVE or ERROR, each with its reason. Nothing waits inside a gate: what does not pass blocks the release, and says
 * until when as far as that is known.
 */
export abstract class GateCheck {
  /**
   * The error budget of an objective is not spent, and does not burn fast. A region, or a whole service, that has never
   * served a stable revision is out of its scope; one that has, and has no data now, is an ERROR.
   *
   * @throws if the policy cannot be followed for this objective
   */
  public static errorBudget(slo: Slo, options: ErrorBudgetOptions = {}): GateCheck {
    return new Made(errorBudget(slo, options));
  }

  /**
   * Not several releases a day: at most a number of completed releases a calendar day, and a least time between two.
   *
   * @throws if neither rule is set, or one is out of its range
   */
  public static cadence(options: CadenceOptions): GateCheck {
    return new Made(cadence(options));
  }

  /**
   * The candidate's own load test has passed, in staging: of its commit, begun since staging serves it, and with the
   * configuration that is asked for. It reports to the parameter `/deployment-pipeline/<service>/load-test`.
   */
  public static loadTest(options: LoadTestOptions = {}): GateCheck {
    return new Made(loadTest(options));
  }

  /**
   * The organization's criteria for services like this one are met: each has evidence that has not expired, in the parameter
   * `/deployment-pipeline/<service>/readiness/<criterion>`. Criteria that a machine can look at are asked with `custom`.
   *
   * @throws if criteria are for some criticalities, and the service's is not set
   */
  public static productionReadiness(options: ProductionReadinessOptions): GateCheck {
    return new Made(productionReadiness(options));
  }

  /**
   * Nobody has stopped the line: for the organization in the parameter `/deployment-pipeline/freeze`, or for the service in
   * `/deployment-pipeline/<service>/freeze`. A freeze that has expired does not block.
   */
  public static freeze(options: FreezeOptions = {}): GateCheck {
    return new Made(freeze(options));
  }

  /**
   * No alarm of the service's production is in ALARM: what a release adds to an outage, nobody can tell. By default the alarms
   * that watch its waves.
   */
  public static openAlarms(options: OpenAlarmsOptions = {}): GateCheck {
    return new Made(openAlarms(options));
  }

  /**
   * What a Lambda function of the organization's or the team's says: it is asked with the release, and answers with a verdict
   * and a reason. Anything else that it answers is an ERROR.
   *
   * @throws if the function is in another account or region than the pipeline
   */
  public static custom(options: CustomCheckOptions): GateCheck {
    return new Made(custom(options));
  }

  /**
   * As the gate is configured with it.
   *
   * @internal
   */
  public abstract _bind(context: GateContext): CheckConfig;

  /**
   * What the gate's role needs for it.
   *
   * @internal
   */
  public abstract _grants(context: GateContext): PolicyStatement[];

  /**
   * What the gate reads with the role of a region's environment, besides metrics and alarms.
   *
   * @internal
   */
  public abstract _signalsSlos(region: string): readonly string[];
}

/** Here, since its kinds cannot extend a class that makes them. */
class Made extends GateCheck {
  public constructor(private readonly check: BoundCheck) {
    super();
  }

  public _bind(context: GateContext): CheckConfig {
    return this.check.bind(context);
  }

  public _grants(context: GateContext): PolicyStatement[] {
    return this.check.grants(context);
  }

  public _signalsSlos(region: string): readonly string[] {
    return this.check.signalsSlos?.(region) ?? [];
  }
}

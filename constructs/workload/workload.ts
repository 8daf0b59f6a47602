import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { WorkloadPlan } from '../environment/workload-plan';
import type { LambdasOptions } from './lambda/lambdas-options';
import { type ManagedLambdas, manageLambdas } from './lambda/manage-lambdas';

/** The part of a microservice that CodeDeploy shifts traffic to. */
export abstract class Workload {
  /**
   * Releases one or several Lambda functions together: all or none.
   *
   * Attach all callers of a function (event sources, URLs, permissions, APIs) to `alias(key)`, never to the function
   * itself: that would bypass its releases.
   *
   * @param functions by a key of your own, after which deployment groups and alarms are named: letters and digits, at most
   * 32, starting with a letter. All are in one stack of the microservice, each under one key. Another key for a function
   * leaves its alias and its callers as they are; change more than the case of a letter.
   * @param options limits and alarms while traffic shifts
   * @throws if there is no function or more than 12, or if they cannot be released together
   */
  public static lambdas(functions: { [key: string]: lambda.Function }, options: LambdasOptions = {}): LambdaWorkload {
    return new Lambdas(manageLambdas(functions, options));
  }

  /** @internal */
  public abstract _plan(): WorkloadPlan;
}

/** Lambda functions that are released together, as `Workload.lambdas` returns them. */
export abstract class LambdaWorkload extends Workload {
  /**
   * Returns the alias of a function, for its callers. Rollouts move it.
   *
   * It is a function like any other to event sources, `addFunctionUrl`, `grantInvoke`, APIs, rules and subscriptions.
   *
   * @param key of the function in `Workload.lambdas`
   * @throws if the workload has no function of this key
   */
  public abstract alias(key: string): lambda.IFunction;
}

class Lambdas extends LambdaWorkload {
  public constructor(private readonly released: ManagedLambdas) {
    super();
  }

  public alias(key: string): lambda.IFunction {
    const found = this.released.functions.get(key);
    if (!found) {
      const keys = [...this.released.functions.keys()].map((one) => `'${one}'`).join(', ');
      throw new Error(`alias('${key}'): the workload has no function '${key}', only ${keys}`);
    }
    return found.alias;
  }

  public _plan(): WorkloadPlan {
    return this.released.plan;
  }
}

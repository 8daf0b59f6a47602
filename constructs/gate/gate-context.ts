import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CheckConfig } from '../../lib/gate/check-config';
import type { BudgetPolicy } from './budget-policy';

/** The pipeline that a check is made for. Not part of the public API. */
export interface GateContext {
  /** Construct in the pipeline's stack: parameters and functions are of its account and region. */
  readonly scope: Construct;
  readonly service: string;
  /** Criticality of the service, in the organization's words. */
  readonly criticality?: string;
  /** Policy for error budgets whose check sets none. */
  readonly budgetPolicy?: BudgetPolicy;
  /** Production regions, in their order. */
  readonly production: readonly string[];
  /** Names of the alarms that watch a region's waves, by production region. */
  readonly waveAlarms: { readonly [region: string]: readonly string[] };
}

/** A check of one kind, made from its options. Each kind is one file in `checks/`, and one factory of `GateCheck`. */
export interface CheckBinding<Config extends CheckConfig = CheckConfig> {
  /** Returns the configuration that the gate reads. */
  bind(context: GateContext): Config;
  /** Returns the parameters of Systems Manager that the gate reads for it. A change of one may end a block. */
  parameters?(context: GateContext): readonly string[];
  /** Returns further permissions of the gate's role. */
  grants?(context: GateContext): PolicyStatement[];
  /**
   * Returns the names of the SLOs of Application Signals that it reads in a region, with the role of the environment.
   */
  signalsSlos?(region: string): readonly string[];
  /** Whether it reports how much of a budget is left, which the dashboard shows. */
  readonly hasBudget?: boolean;
}

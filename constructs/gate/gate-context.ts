import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CheckConfig } from '../../lib/gate/check-config';
import type { BudgetPolicy } from './budget-policy';

/** The pipeline that a check is made for. Not part of the public API. */
export interface GateContext {
  /** In the pipeline's stack: parameters and functions are of its account and region. */
  readonly scope: Construct;
  readonly service: string;
  /** How much the organization depends on the service, in the organization's words. */
  readonly criticality?: string;
  /** What being over an error budget means, where an objective does not say so itself. */
  readonly budgetPolicy?: BudgetPolicy;
  /** The production regions, in their order. */
  readonly production: readonly string[];
  /** By production region: names of the alarms that watch its waves. */
  readonly waveAlarms: { readonly [region: string]: readonly string[] };
}

/** A check of one kind, made from its options. Each kind is one file in `checks/`, and one factory of `GateCheck`. */
export interface CheckBinding<Config extends CheckConfig = CheckConfig> {
  /** Configuration that the gate reads. */
  bind(context: GateContext): Config;
  /** Parameters of Systems Manager that the gate reads for it. A change of one may end a block. */
  parameters?(context: GateContext): readonly string[];
  /** Further permissions of the gate's role. */
  grants?(context: GateContext): PolicyStatement[];
  /** Names of the SLOs of Application Signals that it reads in a region, with the role of the environment. */
  signalsSlos?(region: string): readonly string[];
  /** Whether it reports how much of a budget is left, which the dashboard shows. */
  readonly hasBudget?: boolean;
}

import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { CheckConfig } from '../../lib/gate/config';
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

/** What a kind of check is made of: its configuration, and what the gate's role needs for it. */
export interface BoundCheck {
  bind(context: GateContext): CheckConfig;
  grants(context: GateContext): PolicyStatement[];
  /** Names of the SLOs of Application Signals that it reads in a region, with the role of the environment. */
  signalsSlos?(region: string): readonly string[];
}

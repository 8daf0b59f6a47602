import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MAX_SHIFT_MINUTES, type Steps, shiftMinutes } from '../../lib/plan/waves';
import { wholeMinutes, wholeNumber } from '../core/validation';
import { sharedCanaryConfigs, sharedLinearConfigs } from '../workload/shared-configs';
import { DeploymentStandard } from './deployment-standard';

/** Equal steps, an equal time apart. */
export interface LinearSteps {
  /** Share of a region's traffic that moves with each step; a whole percentage of 1–99. */
  readonly percentage: number;

  /** Time between two steps; whole minutes, at least one. All steps together may take 2,880 minutes. */
  readonly interval: Duration;
}

/** Deployment configurations that the platform team provides for all services of an account and region. */
export interface DeploymentBaselineProps {
  /**
   * Canary shares that any one region of a service may take; whole percentages of 1–99. Weightings other than
   * `proportional` give single regions shares outside the standard's bounds of the mean: add those.
   *
   * @default - all whole percentages from the standard's `canaryPercentageMinimum` to its `canaryPercentageMaximum`
   */
  readonly canaryPercentages?: number[];

  /**
   * Steps that waves of services may take.
   *
   * @default - 25 %, ten minutes apart
   */
  readonly linearSteps?: LinearSteps[];
}

/** CodeDeploy's quota of custom deployment configurations per account and region. */
const CONFIGS = 50;

/**
 * The CodeDeploy deployment configurations that the services of one account and region share. The platform team creates
 * it in one stack per account and region, and sets a `DeploymentStandard` with `sharedDeploymentConfigs`. Otherwise
 * every service owns its configurations, of which an account and region can have 50.
 */
export class DeploymentBaseline extends Construct {
  /** Names of the deployment configurations. */
  public readonly deploymentConfigNames: string[];

  public constructor(scope: Construct, id: string, props: DeploymentBaselineProps = {}) {
    super(scope, id);
    const percentages = checkPercentages(props.canaryPercentages ?? wholePercentages(DeploymentStandard.of(scope)));
    const steps = checkSteps(props.linearSteps ?? [{ percentage: 25, interval: Duration.minutes(10) }]);
    const count = percentages.length + steps.length;
    if (count > CONFIGS) {
      throw new Error(
        `canaryPercentages and linearSteps make ${count} deployment configurations, but an account and region has at most ${CONFIGS}: ` +
          'keep those that services use',
      );
    }
    const configs = [
      ...percentages.flatMap((percentage) => sharedCanaryConfigs(this, percentage)),
      ...steps.flatMap(({ percentage, intervalMinutes }) => sharedLinearConfigs(this, percentage, intervalMinutes)),
    ];
    this.deploymentConfigNames = configs.map((config) => config.deploymentConfigName as string);
  }
}

function wholePercentages(standard: DeploymentStandard): number[] {
  const { minimum, maximum } = standard._canaryBounds;
  const from = Math.ceil(minimum);
  return Array.from({ length: Math.max(0, Math.floor(maximum) - from + 1) }, (_, i) => from + i);
}

function checkPercentages(percentages: readonly number[]): readonly number[] {
  percentages.forEach((percentage, i) => {
    wholeNumber(percentage, `canaryPercentages[${i}]`, 1, 99, 'CodeDeploy shifts whole percentages');
    const first = percentages.indexOf(percentage);
    if (first !== i) {
      throw new Error(
        `canaryPercentages[${i}] is ${percentage}, but canaryPercentages[${first}] is too: remove one of them`,
      );
    }
  });
  return percentages;
}

function checkSteps(linearSteps: readonly LinearSteps[]): readonly Steps[] {
  const seen = new Map<string, number>();
  return linearSteps.map(({ percentage, interval }, i) => {
    const property = `linearSteps[${i}]`;
    wholeNumber(percentage, `${property}.percentage`, 1, 99, 'CodeDeploy shifts whole percentages');
    const intervalMinutes = wholeMinutes(interval, `${property}.interval`);
    const steps: Steps = { percentage, intervalMinutes };
    if (intervalMinutes < 1) {
      throw new Error(`${property}.interval is 0 min, but must be at least 1: lengthen it`);
    }
    if (shiftMinutes(steps) > MAX_SHIFT_MINUTES) {
      throw new Error(
        `${property} shifts for ${shiftMinutes(steps)} min, but CodeDeploy allows at most ${MAX_SHIFT_MINUTES}: raise its percentage or ` +
          'shorten its interval',
      );
    }
    const key = `${percentage}/${intervalMinutes}`;
    const first = seen.get(key);
    if (first !== undefined) {
      throw new Error(
        `${property} is ${percentage} % every ${intervalMinutes} min, but linearSteps[${first}] is too: remove one of them`,
      );
    }
    seen.set(key, i);
    return steps;
  });
}

import type { Duration } from 'aws-cdk-lib';
import type { BudgetPolicy } from '../gate/budget-policy';
import type { GateCheck } from '../gate/gate-check';
import type { DeploymentWindow } from '../production/deployment-window';
import type { StagingKind } from '../staging/staging';
import type { Blackout } from './blackout';

/** Defaults of every microservice of the organization, and their bounds. Percentages, and whole minutes. */
export interface DeploymentStandardProps {
  /**
   * Name of the standard in messages, which shows a service team whose standard it is.
   *
   * @default 'default'
   */
  readonly name?: string;

  /**
   * Minimum share of all production traffic that a canary may take, 1–99. The default is the lower end of the 5–10 % of
   * "Production-Ready Microservices".
   *
   * @default 5
   */
  readonly canaryPercentageMinimum?: number;

  /**
   * Maximum share of all production traffic that a canary may take, 1–99. The default is the upper end of the 5–10 % of
   * "Production-Ready Microservices"; Amazon too keeps to at most 10 %.
   *
   * @default 10
   */
  readonly canaryPercentageMaximum?: number;

  /**
   * Share of a canary whose service sets none.
   *
   * @default 8
   */
  readonly canaryPercentageDefault?: number;

  /**
   * Maximum canary share of any one region, whatever the weighting; whole, 1–99, not below `canaryPercentageMaximum`.
   * The default is just under a third, the most of a fleet that Amazon replaces at a time.
   *
   * @default 30
   */
  readonly canaryRegionMaximum?: number;

  /**
   * Minimum traffic cycle of a canary; at least a minute.
   *
   * @default Duration.hours(1)
   */
  readonly trafficCycleMinimum?: Duration;

  /**
   * Traffic cycle of a canary whose service sets none; at most 6 days.
   *
   * @default Duration.hours(24)
   */
  readonly trafficCycleDefault?: Duration;

  /**
   * Minimum bake after the first wave. The default is Amazon's minimum after its first box.
   *
   * @default Duration.hours(1)
   */
  readonly firstBakeMinimum?: Duration;

  /**
   * Bake after the first wave, if the wave sets none. The default is Amazon's.
   *
   * @default Duration.hours(12)
   */
  readonly firstBakeDefault?: Duration;

  /**
   * Minimum bake after later waves.
   *
   * @default Duration.minutes(30)
   */
  readonly bakeMinimum?: Duration;

  /**
   * Bake after later waves that set none. The default is Amazon's.
   *
   * @default Duration.hours(2)
   */
  readonly bakeDefault?: Duration;

  /**
   * Window in which production waves may begin, for services that set none.
   *
   * @default DeploymentWindow.always()
   */
  readonly productionWindow?: DeploymentWindow;

  /**
   * Periods in which no release may be under way in production: holidays, sales, elections. Past ones do no harm, but
   * take space: the schedule of a release has 3,000 bytes, which is about 20 blackouts. Removing one updates the
   * pipelines.
   *
   * @default - none
   */
  readonly blackouts?: Blackout[];

  /**
   * Checks that the gates of every service make, besides the service's own: freezes, cadence, production readiness.
   * Every gate checks for a freeze and for open alarms: list them here to configure them otherwise.
   *
   * @default - [GateCheck.freeze(), GateCheck.openAlarms()]
   */
  readonly gateChecks?: GateCheck[];

  /**
   * Policy for overspent error budgets, for services that set none.
   *
   * @default BudgetPolicy.untilRecovered()
   */
  readonly budgetPolicy?: BudgetPolicy;

  /**
   * Minimum to which an emergency may shorten a traffic cycle; at least 5 minutes, at most `trafficCycleMinimum`.
   *
   * @default - 30 minutes, or `trafficCycleMinimum` if that is less
   */
  readonly emergencyTrafficCycle?: Duration;

  /**
   * Kinds of staging that services may have; at least one.
   *
   * @default - all of them
   */
  readonly stagingKinds?: StagingKind[];

  /**
   * Names of the checks that every service must define besides `lint`, `unitTests` and `integrationTests`, for example
   * `stagingTests`.
   *
   * @default - none
   */
  readonly requiredChecks?: string[];

  /**
   * Whether services use the CodeDeploy deployment configurations that a `DeploymentBaseline` owns in each account and region,
   * rather than their own. An account and region has at most 50.
   *
   * @default false
   */
  readonly sharedDeploymentConfigs?: boolean;
}

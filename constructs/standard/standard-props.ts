import type { Duration } from 'aws-cdk-lib';
import type { BudgetPolicy } from '../gate/budget-policy';
import type { GateCheck } from '../gate/gate-check';
import type { DeploymentWindow } from '../production/deployment-window';
import type { StagingKind } from '../staging/staging';
import type { Blackout } from './blackout';

/** What every microservice of the organization gets by default, and how far it may go. Percentages, and whole minutes. */
export interface DeploymentStandardProps {
  /**
   * Names the standard in messages, so that a service team knows whom to ask.
   *
   * @default 'default'
   */
  readonly name?: string;

  /**
   * The least share of all production traffic that a canary may take, 1–99. The default is the lower end of the 5–10 % of
   * "Production-Ready Microservices".
   *
   * @default 5
   */
  readonly canaryPercentageMinimum?: number;

  /**
   * The largest share of all production traffic that a canary may take, 1–99. The default is the upper end of the 5–10 % of
   * "Production-Ready Microservices"; Amazon too keeps to at most 10 %.
   *
   * @default 10
   */
  readonly canaryPercentageMaximum?: number;

  /**
   * The share of a canary that asks for none.
   *
   * @default 8
   */
  readonly canaryPercentageDefault?: number;

  /**
   * The largest canary share of any one region, whatever the weighting; whole, 1–99, not below `canaryPercentageMaximum`.
   * The default is just under the third of a fleet that Amazon replaces at a time at most.
   *
   * @default 30
   */
  readonly canaryRegionMaximum?: number;

  /**
   * The shortest time that a canary may be observed.
   *
   * @default Duration.hours(1)
   */
  readonly trafficCycleMinimum?: Duration;

  /**
   * How long a canary is observed that asks for no traffic cycle; at most 6 days.
   *
   * @default Duration.hours(24)
   */
  readonly trafficCycleDefault?: Duration;

  /**
   * The shortest bake after the first wave. The default is Amazon's least after a first box.
   *
   * @default Duration.hours(1)
   */
  readonly firstBakeMinimum?: Duration;

  /**
   * The bake after a first wave that asks for none. The default is Amazon's.
   *
   * @default Duration.hours(12)
   */
  readonly firstBakeDefault?: Duration;

  /**
   * The shortest bake after later waves.
   *
   * @default Duration.minutes(30)
   */
  readonly bakeMinimum?: Duration;

  /**
   * The bake after later waves that ask for none. The default is Amazon's.
   *
   * @default Duration.hours(2)
   */
  readonly bakeDefault?: Duration;

  /**
   * When the production waves of services that ask for no window may begin.
   *
   * @default DeploymentWindow.always()
   */
  readonly productionWindow?: DeploymentWindow;

  /**
   * When no release may be under way in production: holidays, sales, elections. Those that are over do no harm, but take space:
   * the schedule of a release has 3,000 bytes, which is about 20 blackouts. Removing one updates the pipelines.
   *
   * @default - none
   */
  readonly blackouts?: Blackout[];

  /**
   * Checks that the gates of every service ask, besides the service's own: freezes, cadence, production readiness. A freeze
   * and open alarms are always asked: name them here to ask them otherwise.
   *
   * @default - [GateCheck.freeze(), GateCheck.openAlarms()]
   */
  readonly gateChecks?: GateCheck[];

  /**
   * What being over the error budget means for services that do not say so themselves.
   *
   * @default BudgetPolicy.untilRecovered()
   */
  readonly budgetPolicy?: BudgetPolicy;

  /**
   * The least to which an emergency may shorten a traffic cycle; at least 5 minutes, at most `trafficCycleMinimum`.
   *
   * @default - 30 minutes, or `trafficCycleMinimum` if that is less
   */
  readonly emergencyTrafficCycle?: Duration;

  /**
   * The kinds of staging that services may have; at least one.
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

import type { Environment } from '../aws/environment-clients';
import type { DeploymentFacts } from '../aws/facts';
import type { Address, Revision } from '../plan/revision';
import type { EnvironmentPlan } from '../plan/rollout-plan';
import type { Place } from './fleet';
import type { KindOf } from './kind';
import type { Serving } from './serving';

/** Deployment that moves callers from one revision to another. */
export interface Shift {
  readonly from: Revision;
  readonly to: Revision;
  /** Deployment configuration from the plan. Without one, all callers move at once. */
  readonly configuration?: string;
  readonly description: string;
  /** Alarms that stop it. An empty list stops nothing. */
  readonly alarms: readonly string[];
  /**
   * Whether its traffic returns by itself when it fails or is stopped. Never for a deployment that is itself a return.
   */
  readonly returnsOnFailure: boolean;
  /** Whether it must fail, and return, when its timer would move all callers: a canary that nobody ended. */
  readonly neverPromotes: boolean;
}

/**
 * One target of a workload, in one environment: all calls that a rollout, a rollback and the command line make to it.
 */
export interface Target {
  /** Reads the revisions that its callers reach; undefined if there is nothing that they could call. */
  serving(): Promise<Serving | undefined>;

  /**
   * Returns true if the revision certainly does not exist any more. A failed call returns false: it keeps nothing from
   * returning.
   */
  isMissing(revision: Revision): Promise<boolean>;

  /**
   * Lists the reasons why AWS would refuse to split its callers between these two. Each one follows the target's name
   * in a message.
   */
  preflight(stable: Revision, candidate: Revision): Promise<readonly string[]>;

  /** Lists its deployments that were created since then, the latest first. */
  deployments(since: Date): Promise<readonly DeploymentFacts[]>;

  /** Reads one deployment; undefined if there is no data about it. */
  deployment(id: string): Promise<DeploymentFacts | undefined>;

  /** Reads the deployment to which a failed one returns by itself. A new target has none. */
  lastSuccessful(): Promise<DeploymentFacts | undefined>;

  /** Returns true if a deployment certainly goes to this revision. */
  goesTo(deployment: DeploymentFacts, revision: Revision): boolean;

  /**
   * Creates a deployment, and returns its id; undefined when another one occupies the target. The call is sent once: if
   * its answer is lost, the deployment may exist all the same, and is found by its description.
   */
  shift(shift: Shift): Promise<string | undefined>;

  /** Stops a deployment and returns its traffic. A deployment that is over already is no error. */
  stop(deploymentId: string): Promise<void>;

  /**
   * Sends all callers to one revision without any deployment, unless the revisions served have changed since they were
   * read. Throws if the kind has no such way.
   */
  point(to: Revision, found: Serving): Promise<void>;
}

/** Finds the target at a place. Entry points hand it to the features, which depend on no kind. */
export type TargetAt = (place: Place, address: Address) => Target;

/**
 * Reads the deployments of several targets of an environment. A deployment without data is missing in the answer.
 *
 * @param deployments by the target's key: the id of its deployment
 */
export type ReadShifts = (
  environment: Environment,
  targets: EnvironmentPlan['targets'],
  deployments: { readonly [key: string]: string },
) => Promise<readonly DeploymentFacts[]>;

/** Kinds of workloads. Entry points hand them to the features, which depend on none. */
export interface Workloads {
  readonly kindOf: KindOf;
  readonly targetAt: TargetAt;
}

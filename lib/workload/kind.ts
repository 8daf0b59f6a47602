import type { Published, Revision } from '../plan/revision';
import type { Phase, TargetPlan } from '../plan/rollout-plan';
import type { TargetMetric } from './metrics';

/** Kind of workload: everything about it that needs no call. */
export interface Kind {
  /** Throws a ShapeError if what was published cannot be rolled out. */
  check(published: Published, at: string): void;

  /** Returns the names of a target in the plan: all of them are made of the service's name and the target's key. */
  plan(service: string, phase: Phase, key: string): TargetPlan;

  /**
   * Parses the name of a revision that a person gives, such as `7`. Throws a ShapeError if no revision can have that
   * name.
   */
  named(text: string, at: string): Revision;

  /**
   * Lists the metrics of its requests and errors.
   *
   * @param revision limits them to the requests of this revision; without it, all callers' requests count
   */
  requests(published: Published, revision?: Revision): readonly TargetMetric[];

  /**
   * Lists the metrics of its requests, and of those that were answered in time.
   *
   * @param revision limits them to the requests of this revision; without it, all callers' requests count
   */
  latency(published: Published, thresholdMs: number, revision?: Revision): readonly TargetMetric[];
}

/** Finds a kind by its name in the plan or in a revision. */
export type KindOf = (name: string) => Kind;

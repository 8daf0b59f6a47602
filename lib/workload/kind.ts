import type { Published, Revision } from '../plan/revision';
import type { Phase, TargetPlan } from '../plan/rollout-plan';
import type { TargetMetric } from './metrics';

/** All that is known of a kind of workload without a call. */
export interface Kind {
  /** Throws a ShapeError when what was published cannot be rolled out. */
  check(published: Published, at: string): void;

  /** Names that a target has in the plan: all of them are made of the service's name and the target's key. */
  plan(service: string, phase: Phase, key: string): TargetPlan;

  /** Revision that a person names, such as `7`. Throws a ShapeError when there can be none of that name. */
  named(text: string, at: string): Revision;

  /**
   * Metrics of its requests and errors.
   *
   * @param revision of its own requests alone; without it, of all that callers ask of the target
   */
  requests(published: Published, revision?: Revision): readonly TargetMetric[];

  /**
   * Metrics of its requests, and of those that were answered in time.
   *
   * @param revision of its own requests alone; without it, of all that callers ask of the target
   */
  latency(published: Published, thresholdMs: number, revision?: Revision): readonly TargetMetric[];
}

/** Finds a kind by its name in the plan or in a revision. */
export type KindOf = (name: string) => Kind;

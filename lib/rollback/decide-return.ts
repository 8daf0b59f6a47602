import { type DeploymentFacts, errorOf, isOver } from '../aws/facts';
import { type Revision, sameRevision, showRevision } from '../plan/revision';
import type { Phase } from '../plan/rollout-plan';
import { markOf } from '../workload/description';
import { isSplit, type Serving, servesAlone, showServing } from '../workload/serving';

/** Facts about one target that is to return to stable. */
export interface RollbackFacts {
  readonly environment: string;
  readonly key: string;
  readonly phase: Phase;
  readonly executionId: string;
  /** Revision that it served when the release began; undefined if that was never recorded. */
  readonly stable: Revision | undefined;
  readonly candidate: Revision | undefined;
  /** Revisions that it serves; undefined if it serves nothing. */
  readonly serving: Serving | undefined;
  /** Deployments of the group, the latest first, each with whether it goes to stable. */
  readonly deployments: readonly { readonly deployment: DeploymentFacts; readonly toStable: boolean }[];
}

export type RollbackDecision =
  /** It is on stable, alone, and nothing moves. */
  | { readonly do: 'DONE' }
  /** This release may touch nothing of it. */
  | { readonly do: 'LEAVE'; readonly reason: string }
  | { readonly do: 'WAIT'; readonly reason: string }
  /** Stop the running deployment, and let CodeDeploy return its traffic. */
  | { readonly do: 'STOP'; readonly deploymentId: string; readonly reason: string }
  /** Shift from what it serves to stable, all at once. */
  | { readonly do: 'RETURN'; readonly from: Revision; readonly to: Revision; readonly reason: string }
  /** Point it at stable without CodeDeploy, which cannot return it, or could not. */
  | { readonly do: 'POINT'; readonly to: Revision; readonly found: Serving; readonly reason: string };

/**
 * Seconds after the end of a deployment until the revisions served count: reads lag, and a failed return must not loop.
 */
const PAUSE_SECONDS = 60;

/** Decides the next step of one target to its stable revision. Called again until all targets are done. */
export function decideRollback(facts: RollbackFacts, now: number): RollbackDecision {
  const { stable, serving, deployments } = facts;
  if (stable === undefined) return { do: 'LEAVE', reason: 'no stable revision is recorded for it' };
  if (!serving) return { do: 'LEAVE', reason: 'it serves nothing any more' };
  const moved = facts.phase === 'STAGING' ? movedOn(facts, serving) : undefined;
  if (moved) return { do: 'LEAVE', reason: moved };

  const running = deployments.find(({ deployment }) => !isOver(deployment));
  if (running) {
    const { id, status } = running.deployment;
    return running.toStable || isReturn(running.deployment)
      ? { do: 'WAIT', reason: `deployment ${id} (${status}) goes to stable` }
      : { do: 'STOP', deploymentId: id, reason: `deployment ${id} is being stopped` };
  }
  const latest = deployments.at(0)?.deployment;
  const fresh = latest !== undefined && secondsSince(latest.completedAt, now) < PAUSE_SECONDS;
  if (servesAlone(serving, stable)) {
    return fresh
      ? { do: 'WAIT', reason: `serves ${showRevision(stable)}; deployment ${latest.id} has only just ended` }
      : { do: 'DONE' };
  }
  const serves = `serves ${showServing(serving)} instead of ${showRevision(stable)}`;
  const why = latest && isReturn(latest) ? `${serves} after deployment ${latest.id}: ${errorOf(latest)}` : serves;
  // CodeDeploy's own return may still follow the deployment that left it so.
  if (fresh && (isSplit(serving) || isReturn(latest))) return { do: 'WAIT', reason: why };
  // AWS refuses a deployment where traffic is split, and would again refuse what it refused once.
  return isSplit(serving) || (latest && isOurReturn(latest))
    ? { do: 'POINT', to: stable, found: serving, reason: `${why}; it is pointed at stable` }
    : { do: 'RETURN', from: serving.main, to: stable, reason: why };
}

const isOurReturn = ({ description }: DeploymentFacts): boolean => markOf(description)?.purpose === 'rollback';

/** Returns true for CodeDeploy's own return, or ours. */
const isReturn = (deployment: DeploymentFacts): boolean => deployment.returns !== undefined || isOurReturn(deployment);

/** Explains why a target of staging is not ours to return. Staging has no ledger that keeps a newer release out. */
function movedOn({ executionId, stable, candidate, deployments }: RollbackFacts, serving: Serving): string | undefined {
  const served = [serving.main, ...serving.others.map(({ revision }) => revision)];
  const foreign = served.find((each) => !sameRevision(each, stable) && !sameRevision(each, candidate));
  if (foreign) return `it serves ${showRevision(foreign)}, which is not of this release`;
  const other = deployments.find(({ deployment }) => {
    const mark = markOf(deployment.description);
    return !isOver(deployment) && mark && mark.executionId !== executionId;
  });
  return other && `deployment ${other.deployment.id} of another release is under way`;
}

const secondsSince = (moment: string | undefined, now: number): number =>
  moment === undefined ? Number.POSITIVE_INFINITY : (now - Date.parse(moment)) / 1000;

import { type DeploymentFacts, errorOf, isOver } from '../aws/facts';
import type { Phase } from '../plan/rollout-plan';
import { markOf } from '../workload/description';
import { type AliasFacts, servesAlone, traffic } from '../workload/lambda/alias-facts';

/** What is known of one function that is to return to stable. */
export interface RollBackFacts {
  readonly environment: string;
  readonly key: string;
  readonly phase: Phase;
  readonly executionId: string;
  /** What the alias served when the release began; undefined when that was never recorded. */
  readonly stable: string | undefined;
  readonly candidate: string | undefined;
  readonly alias: AliasFacts | undefined;
  /** The group's deployments, the latest first, each with whether it goes to stable. */
  readonly deployments: readonly { readonly deployment: DeploymentFacts; readonly toStable: boolean }[];
}

export type RollBackDecision =
  /** On stable, alone, and nothing moves. */
  | { readonly do: 'DONE' }
  /** Nothing that this release may touch. */
  | { readonly do: 'LEAVE'; readonly reason: string }
  | { readonly do: 'WAIT'; readonly reason: string }
  /** Stop what is in flight, and let CodeDeploy return it. */
  | { readonly do: 'STOP'; readonly deploymentId: string; readonly reason: string }
  /** Shift from what it serves to stable, all at once. */
  | { readonly do: 'RETURN'; readonly from: string; readonly to: string; readonly reason: string }
  /** Point the alias at stable, past CodeDeploy: it cannot, or could not. */
  | { readonly do: 'POINT'; readonly to: string; readonly revisionId: string | undefined; readonly reason: string };

/** After a deployment has ended, the alias is believed only after this time: reads lag, and a failed return is no loop. */
const PAUSE_SECONDS = 60;

/** What one function needs next to be on its stable revision. Asked again until all are done. */
export function decideRollBack(facts: RollBackFacts, now: number): RollBackDecision {
  const { stable, alias, deployments } = facts;
  if (stable === undefined) return { do: 'LEAVE', reason: 'no stable revision is recorded for it' };
  if (!alias) return { do: 'LEAVE', reason: 'its alias is gone' };
  const moved = facts.phase === 'STAGING' ? movedOn(facts, alias) : undefined;
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
  if (servesAlone(alias, stable)) {
    return fresh
      ? { do: 'WAIT', reason: `serves version ${stable}; deployment ${latest.id} has only just ended` }
      : { do: 'DONE' };
  }
  const serves = `serves ${traffic(alias)} instead of version ${stable}`;
  const why = latest && isReturn(latest) ? `${serves} after deployment ${latest.id}: ${errorOf(latest)}` : serves;
  // What left it so may still be followed by CodeDeploy's own return.
  if (fresh && (isSplit(alias) || isReturn(latest))) return { do: 'WAIT', reason: why };
  // Lambda refuses a deployment on a split alias, and what refused our return once will again.
  return isSplit(alias) || (latest && isOurReturn(latest))
    ? { do: 'POINT', to: stable, revisionId: alias.revisionId, reason: `${why}; its alias is pointed at stable` }
    : { do: 'RETURN', from: alias.version, to: stable, reason: why };
}

const isSplit = ({ weights }: AliasFacts): boolean => Object.values(weights).some((weight) => weight > 0);

const isOurReturn = ({ description }: DeploymentFacts): boolean => markOf(description)?.purpose === 'roll back';

/** CodeDeploy's own return, or ours. */
const isReturn = (deployment: DeploymentFacts): boolean => deployment.returns !== undefined || isOurReturn(deployment);

/** Staging has no ledger that keeps a newer release out: what another release has brought there is not ours to return. */
function movedOn(
  { executionId, stable, candidate, deployments }: RollBackFacts,
  alias: AliasFacts,
): string | undefined {
  const foreign = [alias.version, ...Object.keys(alias.weights)].find((each) => each !== stable && each !== candidate);
  if (foreign) return `it serves version ${foreign}, which is not of this release`;
  const other = deployments.find(({ deployment }) => {
    const mark = markOf(deployment.description);
    return !isOver(deployment) && mark && mark.executionId !== executionId;
  });
  return other && `deployment ${other.deployment.id} of another release is under way`;
}

const secondsSince = (moment: string | undefined, now: number): number =>
  moment === undefined ? Number.POSITIVE_INFINITY : (now - Date.parse(moment)) / 1000;

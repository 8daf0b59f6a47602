import { type DeploymentFacts, errorOf, isOver } from '../aws/facts';
import { type Revision, showRevision } from '../plan/revision';
import type { RolloutKind } from '../plan/rollout-plan';
import { type Serving, servesAlone, showServing } from '../workload/serving';

/** Facts about one target whose observation is over. */
export interface SettleFacts {
  readonly environment: string;
  readonly key: string;
  readonly candidate: Revision;
  readonly stable: Revision | undefined;
  /** Revisions that it serves; undefined if it serves nothing. */
  readonly serving: Serving | undefined;
  /** Deployment of this rollout; undefined if there was nothing to shift. */
  readonly deploymentId: string | undefined;
  /** The deployment, as CodeDeploy returned it. */
  readonly deployment: DeploymentFacts | undefined;
  /** Deployment that returns the target to stable. */
  readonly returning: DeploymentFacts | undefined;
}

export type SettleDecision =
  | { readonly do: 'ROLLBACK'; readonly reason: string }
  /** Stop these deployments, if any, and read again. */
  | { readonly do: 'WAIT'; readonly stop: readonly SettleFacts[]; readonly reason: string }
  | { readonly do: 'PASSED'; readonly reason: string };

type Finding = { readonly is: 'BAD' | 'RUNNING' | 'UNSETTLED' | 'SETTLED'; readonly reason: string };

/** Ends a canary by returning it to stable. Makes sure that any other rollout has arrived where it should. */
export function decideSettle(kind: RolloutKind, targets: readonly SettleFacts[]): SettleDecision {
  const found = targets.map((facts) => ({ facts, ...(kind === 'CANARY' ? canary(facts) : arrived(facts)) }));
  const texts = (...wanted: readonly Finding['is'][]) =>
    found
      .filter((each) => wanted.includes(each.is))
      .map(({ facts, reason }) => `${facts.environment}/${facts.key} ${reason}`)
      .join('; ');

  if (found.some((each) => each.is === 'BAD')) return { do: 'ROLLBACK', reason: texts('BAD') };
  if (found.some((each) => each.is !== 'SETTLED')) {
    const stop = found.filter((each) => each.is === 'RUNNING').map(({ facts }) => facts);
    return { do: 'WAIT', stop, reason: texts('RUNNING', 'UNSETTLED') };
  }
  const reason = kind === 'CANARY' ? 'observed to its end and returned to stable' : 'all traffic is on the candidate';
  return { do: 'PASSED', reason };
}

function canary({ deploymentId, deployment, returning, serving, stable }: SettleFacts): Finding {
  // Nothing was shifted: the target serves the same as before.
  if (!deploymentId) return serves(serving, stable);
  if (!deployment) return { is: 'UNSETTLED', reason: `CodeDeploy has no data about deployment ${deploymentId}` };
  if (!isOver(deployment)) return { is: 'RUNNING', reason: `deployment ${deploymentId} is being stopped` };
  if (deployment.status === 'Succeeded')
    return { is: 'BAD', reason: `deployment ${deploymentId} has promoted the canary` };
  if (!isStoppedOnRequest(deployment))
    return { is: 'BAD', reason: `deployment ${deploymentId}: ${errorOf(deployment)}` };
  if (returning && !isOver(returning)) {
    return { is: 'UNSETTLED', reason: `deployment ${returning.id} (${returning.status}) returns it to stable` };
  }
  return serves(serving, stable);
}

/**
 * Returns true if a deployment was stopped as we stop it. An alarm, a hook or CodeDeploy itself leaves another code.
 */
const isStoppedOnRequest = ({ status, errorCode }: DeploymentFacts): boolean =>
  status === 'Stopped' && (errorCode === undefined || errorCode === 'MANUAL_STOP');

/** Checks a target of a wave, or of staging: all its traffic is on the candidate, and stays there. */
export const arrived = ({ serving, candidate }: Pick<SettleFacts, 'serving' | 'candidate'>): Finding =>
  serves(serving, candidate);

function serves(serving: Serving | undefined, revision: Revision | undefined): Finding {
  if (revision !== undefined && servesAlone(serving, revision)) {
    return { is: 'SETTLED', reason: `serves ${showRevision(revision)}` };
  }
  const now = serving ? showServing(serving) : 'nothing';
  const wanted = revision ? showRevision(revision) : 'an unknown revision';
  return { is: 'UNSETTLED', reason: `serves ${now} instead of ${wanted}` };
}

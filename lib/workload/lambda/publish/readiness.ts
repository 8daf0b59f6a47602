import type { Configuration } from './configuration';

export type Readiness =
  | { readonly state: 'READY' }
  | { readonly state: 'WAIT'; readonly reason: string }
  | { readonly state: 'FAILED'; readonly reason: string };

/** Returns whether a function, or a version of it, has finished what CloudFormation or a publish started. */
export function readiness(configuration: Configuration): Readiness {
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration;
  if (State === 'Failed') {
    return { state: 'FAILED', reason: because('State is Failed', StateReason) };
  }
  if (LastUpdateStatus === 'Failed') {
    return { state: 'FAILED', reason: because('its last update failed', LastUpdateStatusReason) };
  }
  if (State === 'Pending') {
    return { state: 'WAIT', reason: because('State is Pending', StateReason) };
  }
  if (LastUpdateStatus === 'InProgress') {
    return { state: 'WAIT', reason: because('its update is in progress', LastUpdateStatusReason) };
  }
  // Also when it is Inactive: an idle function stays so until it is invoked, and can be published.
  return { state: 'READY' };
}

const because = (what: string, why: string | undefined): string => (why ? `${what}: ${why}` : what);

import { json, oneOf, record, text } from '../core/shape';
import type { GateStage } from './config';

export const GATE_STAGES: readonly GateStage[] = ['Canary', 'Production'];

/** Name of the gate's action in its stages. */
export const GATE_ACTION = 'Gate';

/** The parameters of an action that asks the gate. */
export interface GateRequest {
  readonly stage: GateStage;
  readonly executionId: string;
  readonly commit: string;
}

/** Reads the action's parameters, a JSON text. */
export function parseGateRequest(userParameters: unknown): GateRequest {
  const request = record(json(text(userParameters, 'UserParameters'), 'UserParameters'), 'UserParameters');
  return {
    stage: oneOf(request.stage, 'UserParameters.stage', GATE_STAGES),
    executionId: text(request.executionId, 'UserParameters.executionId'),
    commit: text(request.commit, 'UserParameters.commit'),
  };
}

/** Whether it is the order to see whether a blocked release may go on: by the clock, or because something has changed. */
export const isRetryOrder = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'retryBlocked' in event && event.retryBlocked === true;

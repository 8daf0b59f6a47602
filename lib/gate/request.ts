import { json, object, type Shape, text, word } from '../core/shape';

/** The gates of a pipeline: at the head of Canary, and before the first wave of Production. */
export const GATE_STAGES = ['Canary', 'Production'] as const;
export type GateStage = (typeof GATE_STAGES)[number];
export const gateStage = word(...GATE_STAGES);

/** Name of the gate's action in its stages. */
export const GATE_ACTION = 'Gate';

/** The parameters of an action that asks the gate. */
const gateRequest = object({ stage: gateStage, executionId: text, commit: text });
export type GateRequest = Shape<typeof gateRequest>;

/** Reads the action's parameters, a JSON text. */
export function parseGateRequest(userParameters: unknown, at = 'UserParameters'): GateRequest {
  return gateRequest(json(text(userParameters, at), at), at);
}

/** Whether it is the order to see whether a blocked release may go on: by the clock, or because something has changed. */
export const isRetryOrder = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'retryBlocked' in event && event.retryBlocked === true;

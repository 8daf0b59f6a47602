import { object, type Shape, text, word } from '../core/shape';
import { parseParameters } from '../plan/action-parameters';

/** Stages with a gate: it runs first in Canary, and before the first wave in Production. */
export const GATE_STAGES = ['Canary', 'Production'] as const;
export type GateStage = (typeof GATE_STAGES)[number];
export const gateStage = word(...GATE_STAGES);

/** Name of the gate's action in its stages. */
export const GATE_ACTION = 'Gate';

/** Parameters of the action that runs the gate. */
const gateRequest = object({ stage: gateStage, executionId: text, commit: text });
export type GateRequest = Shape<typeof gateRequest>;

/** Reads the action's parameters, a JSON text. */
export const parseGateRequest = (userParameters: unknown): GateRequest => parseParameters(userParameters, gateRequest);

/** Returns true for the order to retry blocked releases, which comes by schedule or after a change. */
export const isRetryOrder = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'retryBlocked' in event && event.retryBlocked === true;

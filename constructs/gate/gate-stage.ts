/** A gate of a pipeline. */
export enum GateStage {
  /** At the head of Canary, before anything is published in production. */
  CANARY = 'CANARY',
  /** Before the first wave of Production, after the canary has passed. */
  PRODUCTION = 'PRODUCTION',
}

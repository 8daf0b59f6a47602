import { count, maybe, moment, object, type Shape, text, word } from '../core/shape';
import { refusal } from './refusal';
import { gateStage } from './request';

const blocked = object({
  state: word('BLOCKED', 'OVER'),
  stage: gateStage,
  executionId: text,
  commit: text,
  /** Time of the first block; ISO 8601. */
  at: moment,
  reason: text,
  /** End of the block, if it is known; ISO 8601. */
  until: maybe(moment),
  /** Refusal of break glass of which the team was notified last. */
  refusal: maybe(refusal),
});

/**
 * Last release that one of the gates has blocked. Its key is `blocked#` and the stage. It is OVER when the release has
 * passed after all, or another one has entered the stage.
 */
export type Blocked = Shape<typeof blocked>;

export const parseBlocked = (item: unknown): Blocked => blocked(item, 'ledger.blocked');

const usedBreakGlass = object({
  version: count,
  executionId: text,
  /** CodePipeline's job that used it, by gate. */
  stages: object({ Canary: maybe(text), Production: maybe(text) }),
});

/** Ledger's record of one writing of the break-glass parameter. */
export type UsedBreakGlass = Shape<typeof usedBreakGlass>;

export const parseUsedBreakGlass = (item: unknown): UsedBreakGlass => usedBreakGlass(item, 'ledger.break-glass');

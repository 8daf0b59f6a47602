import { count, moment, oneOf, optional, record, recordOf, text } from '../core/shape';
import type { UsedGlass } from './break-glass';
import type { GateStage } from './config';
import { GATE_STAGES } from './request';

/**
 * The last release that one of the gates has blocked. Its key is `blocked#` and the stage. It is OVER when the release has
 * passed after all, or another one has come.
 */
export interface Blocked {
  readonly state: 'BLOCKED' | 'OVER';
  readonly stage: GateStage;
  readonly executionId: string;
  readonly commit: string;
  /** When it was blocked first. */
  readonly at: string;
  readonly reason: string;
  /** When the block ends, as far as was known; ISO 8601. */
  readonly until?: string;
  /** Why break glass was refused for it: the team has been told. */
  readonly refused?: string;
}

export function parseBlocked(value: unknown): Blocked {
  const item = record(value, 'ledger.blocked');
  return {
    state: oneOf(item.state, 'ledger.blocked.state', ['BLOCKED', 'OVER']),
    stage: oneOf(item.stage, 'ledger.blocked.stage', GATE_STAGES),
    executionId: text(item.executionId, 'ledger.blocked.executionId'),
    commit: text(item.commit, 'ledger.blocked.commit'),
    at: moment(item.at, 'ledger.blocked.at'),
    reason: text(item.reason, 'ledger.blocked.reason'),
    until: optional(item.until, 'ledger.blocked.until', moment),
    refused: optional(item.refused, 'ledger.blocked.refused', text),
  };
}

export function parseUsedGlass(value: unknown): UsedGlass {
  const item = record(value, 'ledger.break-glass');
  return {
    version: count(item.version, 'ledger.break-glass.version'),
    executionId: text(item.executionId, 'ledger.break-glass.executionId'),
    stages: recordOf(item.stages, 'ledger.break-glass.stages', text),
  };
}

import { isoTime } from '../core/time';
import type { MessageKind } from '../messages/message';
import type { Answer } from './decide-answer';
import type { Blocked } from './items';
import { gateUntil } from './report';
import type { GateRequest } from './request';

/** Change of the ledger's item for the last release that a gate has blocked. */
export type BlockRecord =
  | { readonly do: 'SET'; readonly blocked: Blocked }
  | { readonly do: 'END'; readonly blocked: Blocked }
  | { readonly do: 'NOTHING' };

/** Returns true if the ledger has a block of this release, and that block is not over. */
export const isSameBlock = (before: Blocked | undefined, { executionId }: GateRequest): boolean =>
  before?.executionId === executionId && before.state === 'BLOCKED';

/** Decides what the ledger keeps of an answer. A release that passes ends its own block, or that of an older one. */
export function decideRecord(
  answer: Answer,
  request: GateRequest,
  before: Blocked | undefined,
  now: number,
): BlockRecord {
  if (answer.passes) return before?.state === 'BLOCKED' ? { do: 'END', blocked: before } : { do: 'NOTHING' };
  const { stage, executionId, commit } = request;
  return {
    do: 'SET',
    blocked: {
      state: answer.isStageRollback ? 'OVER' : 'BLOCKED',
      stage,
      executionId,
      commit,
      at: before && isSameBlock(before, request) ? before.at : isoTime(now),
      reason: answer.report,
      until: gateUntil(answer.judged.filter(({ blocks }) => blocks).map(({ finding }) => finding)),
      refusal: answer.glass.record ? undefined : answer.glass.refusal,
    },
  };
}

/** Notice to the team. */
export interface GateNotice {
  readonly kind: MessageKind;
  readonly why: string;
}

/** @param wasBlocked whether the team has been notified of this block before */
export function noticesOf(answer: Answer, wasBlocked: boolean): readonly GateNotice[] {
  return [...passingOrBlocking(answer, wasBlocked), ...warning(answer)];
}

function passingOrBlocking(
  { passes, isStageRollback, report, glass }: Answer,
  wasBlocked: boolean,
): readonly GateNotice[] {
  if (glass.record) return [{ kind: 'GLASS_BROKEN', why: report }];
  return passes || wasBlocked ? [] : [{ kind: isStageRollback ? 'BLOCKED' : 'GATED', why: report }];
}

function warning({ passes, judged }: Answer): readonly GateNotice[] {
  const warnings = judged.flatMap(({ finding: { check, warning } }) => (warning ? [`${check}: ${warning}`] : []));
  return passes && warnings.length > 0 ? [{ kind: 'WARNED', why: warnings.join('; ') }] : [];
}

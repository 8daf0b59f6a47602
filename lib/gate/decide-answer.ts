import { errorText } from '../core/error-text';
import { ShapeError } from '../core/shape';
import { notByStage } from '../ledger/stage-rollback';
import type { BreakGlassAnswer } from './apply-break-glass';
import { composeReport, type Judged } from './report';
import type { GateRequest } from './request';

/** Answer of a gate. */
export interface Answer {
  readonly passes: boolean;
  /** True for a stage rollback, which is no release and is never retried. */
  readonly isStageRollback?: boolean;
  /** Text that the action shows. */
  readonly report: string;
  readonly judged: readonly Judged[];
  readonly glass: BreakGlassAnswer;
}

/** Decides from the findings of the checks, and from break glass. */
export function decideAnswer(
  { executionId, stage }: GateRequest,
  judged: readonly Judged[],
  glass: BreakGlassAnswer,
): Answer {
  const blocking = judged.filter(({ blocks }) => blocks);
  const { record } = glass;
  const passes = blocking.length === 0 || record !== undefined;
  const title = passes
    ? `Release ${executionId} may enter ${stage}`
    : `Release ${executionId} must not enter ${stage} now: ${blocking.length} of ${judged.length} checks block. The gate retries it when they pass, unless a newer release enters the stage`;
  const note = record
    ? `: ${[`${record.by} has broken the glass for ${record.incident}, ${record.reason}`, glass.note].filter(Boolean).join('; ')}`
    : '';
  return {
    passes,
    report: composeReport(`${title}${note}.`, [...refusalOf(glass, passes), ...judged]),
    judged,
    glass,
  };
}

/** Puts the refusal of a break-glass request first. Where nothing blocks, an old request is left out. */
function refusalOf(glass: BreakGlassAnswer, passes: boolean): readonly Judged[] {
  if (glass.record || glass.reason === undefined || (passes && !glass.concerns)) return [];
  const { reason } = glass;
  return [{ finding: { check: 'break glass', verdict: 'FAIL', reason }, blocks: true }];
}

/**
 * Blocks a stage that the console rolls back, which is no release.
 *
 * @param older execution that it rolls back to
 */
export const stageRollbackAnswer = (service: string, { executionId }: GateRequest, older: string): Answer => ({
  passes: false,
  isStageRollback: true,
  report: notByStage(service, executionId, older),
  judged: [],
  glass: {},
});

/** Blocks when the gate itself fails. */
export const errorAnswer = (error: unknown): Answer => ({
  passes: false,
  report: `The gate could not be evaluated: ${error instanceof ShapeError ? error.message : errorText(error)}`,
  judged: [],
  glass: {},
});

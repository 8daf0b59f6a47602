import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { ignoringConflict } from '../ledger/ledger';
import { announce } from '../messages/announce';
import type { GateJob } from './answer-job';
import type { Answer } from './decide-answer';
import { decideRecord, isSameBlock, noticesOf } from './decide-record';
import { gateLedger } from './gate-ledger-client';
import { logBreakGlass, logMetrics } from './log-metrics';

/**
 * Records an answer: as metrics, in the ledger for its retry, and by notices to the team. CodePipeline has the answer
 * already.
 */
export async function recordAnswer({ config, request }: GateJob, answer: Answer, now: number): Promise<void> {
  const { service } = config;
  logMetrics(config, request, answer.judged, now);
  if (answer.glass.record) logBreakGlass(config, answer.glass.record, now);
  const wasBlocked = await recordBlock(request, answer, now);
  const { stage: rollout, executionId, commit } = request;
  for (const notice of noticesOf(answer, wasBlocked)) {
    await announce({ ...notice, service, executionId, commit, rollout, where: ['production'] });
  }
}

/** Records a block, and returns true if the ledger had it before. A block that cannot be recorded is announced again. */
async function recordBlock(request: GateJob['request'], answer: Answer, now: number): Promise<boolean> {
  let wasBlocked = false;
  try {
    const ledger = gateLedger();
    const before = await ledger.blocked(request.stage);
    wasBlocked = isSameBlock(before, request);
    const record = decideRecord(answer, request, before, now);
    if (record.do === 'SET') await ledger.setBlocked(record.blocked);
    if (record.do === 'END') await ignoringConflict(ledger.endBlock(record.blocked));
  } catch (error) {
    const { executionId } = request;
    logLine({ handler: 'gate', executionId, reason: `the block could not be recorded: ${errorText(error)}` });
  }
  return wasBlocked;
}

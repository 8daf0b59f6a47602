import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { ignoringConflict } from '../ledger/ledger';
import { announce } from '../messages/announce';
import type { Asked } from './answer-job';
import type { Answer } from './decide-answer';
import { decideRecord, isKnown, noticesOf } from './decide-record';
import { gateLedger } from './gate-ledger-client';
import { logBreakGlass, logMetrics } from './log-metrics';

/** Records an answer: as metrics, in the ledger for its retry, and by notices to the team. CodePipeline has it already. */
export async function recordAnswer({ config, request }: Asked, answer: Answer, now: number): Promise<void> {
  const { service } = config;
  logMetrics(config, request, answer.judged, now);
  if (answer.glass.record) logBreakGlass(config, answer.glass.record, now);
  const wasKnown = await recordBlock(request, answer, now);
  const { stage: rollout, executionId, commit } = request;
  for (const notice of noticesOf(answer, wasKnown)) {
    await announce({ ...notice, service, executionId, commit, rollout, where: ['production'] });
  }
}

/** Returns whether the ledger knew this block before. A block that it cannot keep is announced again. */
async function recordBlock(request: Asked['request'], answer: Answer, now: number): Promise<boolean> {
  let wasKnown = false;
  try {
    const ledger = gateLedger();
    const before = await ledger.blocked(request.stage);
    wasKnown = isKnown(before, request);
    const record = decideRecord(answer, request, before, now);
    if (record.do === 'SET') await ledger.setBlocked(record.blocked);
    if (record.do === 'END') await ignoringConflict(ledger.endBlock(record.blocked));
  } catch (error) {
    const { executionId } = request;
    logLine({ handler: 'gate', executionId, reason: `its block could not be remembered: ${errorText(error)}` });
  }
  return wasKnown;
}

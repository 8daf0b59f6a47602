import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { decideNotice, isSentOnce, type LedgerNotice } from './decide-notice';
import type { LedgerRequest } from './job';
import type { JobAnswer } from './job-answer';
import { ledgerOfPipeline } from './ledger-client';

/** Sends a notice, and returns true on success. */
export type Announce = (notice: LedgerNotice) => Promise<boolean>;

/** Notifies the team of an answer. CodePipeline has the answer already. */
export async function notifyAnswer(request: LedgerRequest, answer: JobAnswer, announce: Announce): Promise<void> {
  const notice = decideNotice(request, answer);
  if (!notice) return;
  if (isSentOnce(notice)) await notifyOnce(notice, announce);
  else await announce(notice);
}

/** Announces a start that the ledger has not recorded as announced. A start that cannot be recorded may be repeated. */
async function notifyOnce(notice: LedgerNotice, announce: Announce): Promise<void> {
  const { executionId } = notice;
  try {
    const ledger = ledgerOfPipeline();
    if ((await ledger.release(executionId))?.startAnnounced) return;
    if (await announce(notice)) await ledger.recordStartAnnounced(executionId);
  } catch (error) {
    logLine({ handler: 'ledger', executionId, reason: `its start may be announced again: ${errorText(error)}` });
  }
}

import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { isoTime } from '../core/time';
import { letGo } from '../ledger/hold';
import { ignoringConflict } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';

/**
 * Holds the pipeline for a person who asked for a roll back: the next commit must not bring back what is rolled back.
 *
 * @returns whether it could be held: traffic returns all the same
 */
export async function holdForWhoAsked(service: string, by: string, reason: string): Promise<boolean> {
  const ledger = ledgerOfPipeline();
  try {
    await ignoringConflict(ledger.placeHold({ service, by, reason, at: isoTime(Date.now()) }));
  } catch (error) {
    logLine({ handler: 'roll-back', reason: `the pipeline could not be held: ${errorText(error)}` });
    return false;
  }
  try {
    // Disables them: the ledger says that the pipeline is held.
    await letGo(ledger, transitionsOfPipeline());
  } catch (error) {
    // The ledger keeps the next release out, too, and the end of this one tries again.
    logLine({ handler: 'roll-back', reason: `the transitions could not be disabled: ${errorText(error)}` });
  }
  return true;
}

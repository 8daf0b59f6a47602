import { errorText } from '../core/error-text';
import { isoTime } from '../core/time';
import { holdForPerson } from '../ledger/hold';
import type { PersonHold } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import type { Transitions } from '../ledger/transitions';

/** The hold that is in force, or why there is none. */
export type Held = { readonly hold: PersonHold; readonly warning?: string } | { readonly error: string };

/**
 * Holds the pipeline for a person: the next commit must not bring the release back. The ledger decides; transitions
 * that cannot be disabled are a warning. Never throws: traffic returns all the same.
 */
export async function holdPipeline(
  { ledger, transitions }: { readonly ledger: Ledger; readonly transitions: Transitions },
  { service, by, because }: { readonly service: string; readonly by: string; readonly because: string },
): Promise<Held> {
  const wanted = { service, by, reason: because, at: isoTime(Date.now()) };
  try {
    return { hold: await holdForPerson(ledger, transitions, wanted) };
  } catch (error) {
    const hold = await ledger.personHold().catch(() => undefined);
    return hold
      ? { hold, warning: `The transitions could not be disabled (${errorText(error)}); LockProduction refuses.` }
      : { error: errorText(error) };
  }
}

import { isoTime } from '../core/time';
import { finish } from './end';
import type { Release } from './items';
import type { Ledger } from './ledger';

/**
 * Ends a release that has shifted nothing, and frees production. Throws a LedgerConflict if it was written to
 * meanwhile.
 */
export async function abandon(ledger: Ledger, release: Release, reason: string): Promise<void> {
  const ending = { ended: 'ABANDONED' as const, reason, endedAt: isoTime(Date.now()) };
  await ledger.end(release, ending);
  await finish(ledger, { ...release, ...ending }, release.token);
}

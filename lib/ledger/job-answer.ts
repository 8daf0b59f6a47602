import { isoTime, minutesSince } from '../core/time';
import type { Waiting } from './job';

/** Answer to an action of the pipeline. `over` is a release that this answer ends. */
export type JobAnswer =
  | { readonly is: 'DONE'; readonly reason: string; readonly over?: string }
  | { readonly is: 'FAILED'; readonly reason: string }
  /** CodePipeline is to call again: the ledger, or CodePipeline, did not answer, or refused. */
  | { readonly is: 'AGAIN'; readonly reason: string; readonly since: string };

export const failed = (reason: string): JobAnswer => ({ is: 'FAILED', reason });

/** Answers AGAIN while patience lasts; then what `giveUp` makes of the reason. */
export function againOr(
  giveUp: (reason: string) => JobAnswer,
  { waitingSince }: Waiting,
  reason: string,
  patienceMinutes: number,
): JobAnswer {
  const now = Date.now();
  const since = waitingSince ?? isoTime(now);
  const waited = minutesSince(since, now);
  return waited < patienceMinutes
    ? { is: 'AGAIN', reason, since }
    : giveUp(`${reason} (tried for ${Math.floor(waited)} min)`);
}

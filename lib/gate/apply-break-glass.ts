import { readWithAuthor } from '../aws/ssm';
import { errorText } from '../core/error-text';
import { retryingConflicts } from '../ledger/update';
import { type BreakGlassDecision, type BreakGlassRecord, decideBreakGlass, writingOf } from './break-glass';
import type { GateConfig } from './config';
import { gateLedger } from './gate-ledger-client';
import type { Refused } from './refusal';
import type { Judged } from './report';
import type { GateRequest } from './request';

/** Result of a break-glass request: the record of its use, and a note on the traffic cycle; or the reason of its refusal. */
export type BreakGlassAnswer =
  | { readonly record: BreakGlassRecord; readonly note?: string }
  | { readonly record?: undefined; readonly reason?: undefined; readonly refusal?: undefined }
  | ({ readonly record?: undefined } & Refused);

/**
 * Checks whether a person has broken the glass for this release, and records its use.
 *
 * @param job CodePipeline's job, which uses the glass up. Without a job the glass is only read
 */
export async function applyBreakGlass(
  config: GateConfig,
  request: GateRequest,
  judged: readonly Judged[],
  now: number,
  job: { readonly id: string } | undefined,
): Promise<BreakGlassAnswer> {
  if (!config.breakGlass) return {};
  try {
    const parameter = await readWithAuthor(config.breakGlass.parameter);
    if (!parameter) return {};
    const writing = writingOf(parameter);
    const facts = {
      config: config.breakGlass,
      parameter,
      executionId: request.executionId,
      stage: request.stage,
      jobId: job?.id ?? 'no job',
      now,
      blocking: judged.filter(({ blocks }) => blocks).map(({ finding }) => finding),
    };
    // Retried after a conflict: the record may be ours, written by a call whose answer was lost.
    const decision = await retryingConflicts(async (): Promise<BreakGlassDecision> => {
      const used = await gateLedger().usedBreakGlass(writing);
      const decided = decideBreakGlass({ ...facts, used });
      // The record comes first: no release passes by a use that is not on record.
      if (decided.use && job) await gateLedger().recordBreakGlass(writing, used, decided.record);
      return decided;
    });
    if (!decision.use) return decision.refused ?? {};
    const { record } = decision;
    return job ? { record, note: await shorten(record) } : { record };
  } catch (error) {
    const reason = `break glass could not be read, and so is not used: ${errorText(error)}`;
    return { reason, refusal: { broken: ['READ'] }, concerns: judged.some(({ blocks }) => blocks) };
  }
}

/**
 * Shortens the traffic cycle if the request says so. After a failure the release passes all the same, with its own
 * cycle.
 */
async function shorten({ executionId, stage, trafficCycleMinutes }: BreakGlassRecord): Promise<string | undefined> {
  if (trafficCycleMinutes === undefined || stage !== 'Canary') return undefined;
  try {
    await gateLedger().shortenTrafficCycle(executionId, trafficCycleMinutes);
    return `its traffic cycle is ${trafficCycleMinutes} min`;
  } catch (error) {
    return `its traffic cycle could not be shortened: ${errorText(error)}`;
  }
}

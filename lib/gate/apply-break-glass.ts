import { errorText } from '../core/error-text';
import { retryingConflicts } from '../ledger/update';
import { type BreakGlassDecision, type BreakGlassRecord, decideBreakGlass, writingOf } from './break-glass';
import type { GateConfig } from './config';
import { gateLedger } from './gate-ledger-client';
import type { Refused } from './refusal';
import type { Judged } from './report';
import type { GateRequest } from './request';
import { readWithAuthor } from './stored-parameters';

/** What became of asking for broken glass: used, and what of it could not be done; or why not, when somebody has tried. */
export type BreakGlassAnswer =
  | { readonly record: BreakGlassRecord; readonly aside?: string }
  | { readonly record?: undefined; readonly reason?: undefined; readonly refusal?: undefined }
  | ({ readonly record?: undefined } & Refused);

/**
 * Whether a person has broken the glass for this release.
 *
 * @param job CodePipeline's, for which it is used up. Without one nothing is: it is only looked at
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
      jobId: job?.id ?? 'not asked by a job',
      now,
      blocking: judged.filter(({ blocks }) => blocks).map(({ finding }) => finding),
    };
    // Again after a conflict: its record may be ours, of which the answer was lost.
    const decision = await retryingConflicts(async (): Promise<BreakGlassDecision> => {
      const used = await gateLedger().usedBreakGlass(writing);
      const decided = decideBreakGlass({ ...facts, used });
      // Before anything passes: what is not on record has not been used.
      if (decided.use && job) await gateLedger().recordBreakGlass(writing, used, decided.record);
      return decided;
    });
    if (!decision.use) return decision.refused ?? {};
    const { record } = decision;
    return job ? { record, aside: await shorten(record) } : { record };
  } catch (error) {
    const reason = `break glass could not be looked at, and so is not used: ${errorText(error)}`;
    return { reason, refusal: { broken: ['READ'] }, concerns: judged.some(({ blocks }) => blocks) };
  }
}

/** Shortens the canary, if that is wanted. Where it cannot be done the release passes all the same, and is observed for longer. */
async function shorten({ executionId, stage, trafficCycleMinutes }: BreakGlassRecord): Promise<string | undefined> {
  if (trafficCycleMinutes === undefined || stage !== 'Canary') return undefined;
  try {
    await gateLedger().shortenTrafficCycle(executionId, trafficCycleMinutes);
    return `its traffic cycle is ${trafficCycleMinutes} min`;
  } catch (error) {
    return `its traffic cycle could not be shortened: ${errorText(error)}`;
  }
}

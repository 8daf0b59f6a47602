import { executionStatus, reportAgain, reportFailure, reportSuccess, rolledBackTo } from '../aws/codepipeline';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { ShapeError } from '../core/shape';
import { isoTime, minutesSince } from '../core/time';
import { refusal } from '../ledger/admission';
import { complete } from '../ledger/end';
import { hold, letGo } from '../ledger/hold';
import { continuation, type LedgerJob, type LedgerRequest, parseJob, parseRequest } from '../ledger/job';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { notByStage } from '../ledger/stage-roll-back';
import { take } from '../ledger/take';
import { transitionsOfPipeline } from '../ledger/transitions-of-pipeline';
import { announce } from '../messages/announce';
import type { MessageKind } from '../messages/message';
import { parseFacts, withCanary } from '../plan/schedule-facts';
import { PATIENCE_MINUTES } from '../plan/timing';
import { dropDeadline } from '../rollout/deadlines';

/** What the action is told. `over` is a release that has ended by this. */
type Answer =
  | { readonly is: 'DONE'; readonly reason: string; readonly over?: string }
  | { readonly is: 'FAILED'; readonly reason: string }
  /** Ask again: the ledger, or CodePipeline, did not answer, or did not do as told. */
  | { readonly is: 'AGAIN'; readonly reason: string; readonly since: string };

/** Takes production for a release, or completes the release: an action of the pipeline. */
export async function handler(event: unknown): Promise<void> {
  const job = parseJob(event);
  const request = readRequest(job);
  const answer = typeof request === 'string' ? failed(request) : await decide(job, request);
  logLine({ handler: 'ledger', job: job.id, answer: answer.is, reason: answer.reason });
  // Outside of what decides: a report that fails must not turn a taken ledger into a failed action.
  if (answer.is === 'FAILED') await reportFailure(job.id, answer.reason);
  else if (answer.is === 'AGAIN') await reportAgain(job.id, continuation(answer.since));
  else await reportSuccess(job.id, answer.reason);
  // Last: neither what was decided nor that CodePipeline hears of it depends on what follows.
  const service = process.env.PIPELINE_NAME ?? '';
  if (answer.is === 'DONE' && answer.over) await dropDeadline({ service, executionId: answer.over });
  if (typeof request !== 'string') await tell(request, answer);
}

/** The action's parameters; or why they cannot be read. */
function readRequest({ userParameters }: LedgerJob): LedgerRequest | string {
  try {
    return parseRequest(userParameters);
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

async function decide(job: LedgerJob, request: LedgerRequest): Promise<Answer> {
  try {
    return request.operation === 'take' ? await takeAndHold(job, request) : await completeAndLetGo(job, request);
  } catch (error) {
    if (error instanceof ShapeError) return failed(error.message);
    return againOr(failed, job, `the ledger could not be asked: ${errorText(error)}`, PATIENCE_MINUTES.start);
  }
}

/** That a release has started is said once, however often its stage is tried again. */
async function tell({ operation, executionId, commit }: LedgerRequest, { is, reason: why }: Answer): Promise<void> {
  if (is === 'AGAIN') return;
  const kind: MessageKind = is === 'FAILED' ? 'BLOCKED' : operation === 'take' ? 'STARTED' : 'COMPLETED';
  const message = { kind, service: process.env.PIPELINE_NAME ?? '', executionId, commit, where: ['production'], why };
  if (kind !== 'STARTED') {
    await announce(message);
    return;
  }
  try {
    const ledger = ledgerOfPipeline();
    if ((await ledger.release(executionId))?.startTold) return;
    if (await announce(message)) await ledger.recordStartTold(executionId);
  } catch (error) {
    logLine({ handler: 'ledger', executionId, reason: `it may be told again: ${errorText(error)}` });
  }
}

async function takeAndHold(job: LedgerJob, { executionId, commit }: LedgerRequest): Promise<Answer> {
  const pipeline = process.env.PIPELINE_NAME;
  if (!pipeline) throw new ShapeError('PIPELINE_NAME is not set: it must name the pipeline');
  const older = await rolledBackTo(pipeline, executionId);
  if (older) return failed(notByStage(pipeline, executionId, older));
  const ledger = ledgerOfPipeline();
  const untimely = await untimeliness(ledger, executionId);
  if (untimely) return failed(untimely);
  const answer = await take(ledger, { executionId, commit }, (id) => executionStatus(pipeline, id));
  if (!answer.taken) return failed(answer.reason);
  try {
    await hold(transitionsOfPipeline(), executionId);
    return { is: 'DONE', reason: answer.reason, over: answer.over };
  } catch (error) {
    // Nothing is published yet: to stop here costs little, while an update of the pipeline could cut off what follows.
    const giveUp = (reason: string): Answer =>
      failed(`${reason}. Nothing was published. Retry the stage; or a new execution takes production over.`);
    return againOr(giveUp, job, `the transitions could not be disabled: ${errorText(error)}`, PATIENCE_MINUTES.start);
  }
}

/** Why a release that does not hold production yet must not begin now: windows and blackouts. */
async function untimeliness(ledger: Ledger, executionId: string): Promise<string | undefined> {
  const schedule = process.env.RELEASE_SCHEDULE;
  if (!schedule) throw new ShapeError('RELEASE_SCHEDULE is not set: it must say when a release would do what');
  const holder = await ledger.holder();
  if (holder?.executionId === executionId && holder.state === 'HELD') return undefined;
  const facts = parseFacts(schedule, 'RELEASE_SCHEDULE');
  const cycle = (await ledger.release(executionId))?.trafficCycleMinutes;
  const reason = refusal(cycle === undefined ? facts : withCanary(facts, cycle), Date.now());
  return (
    reason &&
    `Release ${executionId} must not begin now: ${reason}. Nothing was published. Retry the stage at a better time, or let the next release pass.`
  );
}

async function completeAndLetGo(job: LedgerJob, { executionId, requires }: LedgerRequest): Promise<Answer> {
  const ledger = ledgerOfPipeline();
  const { completed, reason } = await complete(ledger, executionId, requires);
  if (!completed) return failed(reason);
  try {
    await letGo(ledger, transitionsOfPipeline());
    return { is: 'DONE', reason, over: executionId };
  } catch (error) {
    // The release has completed, whatever becomes of the transitions.
    const giveUp = (why: string): Answer => ({
      is: 'DONE',
      reason: `${reason}; ${why}`,
      over: executionId,
    });
    return againOr(giveUp, job, `the transitions could not be enabled: ${errorText(error)}`, PATIENCE_MINUTES.letGo);
  }
}

const failed = (reason: string): Answer => ({ is: 'FAILED', reason });

/** Asks again, as long as patience lasts; then what `giveUp` makes of the reason. */
function againOr(
  giveUp: (reason: string) => Answer,
  { waitingSince }: LedgerJob,
  reason: string,
  patienceMinutes: number,
): Answer {
  const now = Date.now();
  const since = waitingSince ?? isoTime(now);
  const waited = minutesSince(since, now);
  return waited < patienceMinutes
    ? { is: 'AGAIN', reason, since }
    : giveUp(`${reason} (tried for ${Math.floor(waited)} min)`);
}

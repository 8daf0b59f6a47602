import { executionStatus, rolledBackTo } from '../aws/codepipeline';
import { errorText } from '../core/error-text';
import { ShapeError } from '../core/shape';
import { parseFacts, withCanary } from '../plan/schedule-facts';
import { PATIENCE_MINUTES } from '../plan/timing';
import { acquire } from './acquire';
import { refusal } from './admission';
import { hold } from './hold';
import type { LedgerRequest, Waiting } from './job';
import { againOr, failed, type JobAnswer } from './job-answer';
import type { Ledger } from './ledger';
import { notByStage } from './stage-rollback';
import { transitionsOfPipeline } from './transitions-of-pipeline';

/** Acquires production for a release, and disables the transitions for it. */
export async function applyAcquire(
  ledger: Ledger,
  waiting: Waiting,
  { executionId, commit }: LedgerRequest,
): Promise<JobAnswer> {
  const pipeline = process.env.PIPELINE_NAME;
  if (!pipeline) throw new ShapeError('PIPELINE_NAME is not set: it must name the pipeline');
  const older = await rolledBackTo(pipeline, executionId);
  if (older) return failed(notByStage(pipeline, executionId, older));
  const untimely = await untimeliness(ledger, executionId);
  if (untimely) return failed(untimely);
  const answer = await acquire(ledger, { executionId, commit }, (id) => executionStatus(pipeline, id));
  if (!answer.acquired) return failed(answer.reason);
  try {
    await hold(transitionsOfPipeline(), executionId);
    return { is: 'DONE', reason: answer.reason, over: answer.over };
  } catch (error) {
    // Nothing is published yet: stopping here costs little, while an update of the pipeline could cut off what follows.
    const giveUp = (reason: string): JobAnswer =>
      failed(`${reason}. Nothing was published. Retry the stage; or a new execution takes over production.`);
    return againOr(
      giveUp,
      waiting,
      `the transitions could not be disabled: ${errorText(error)}`,
      PATIENCE_MINUTES.start,
    );
  }
}

/** Explains why a release that does not hold production yet must not begin now, by windows and blackouts. */
async function untimeliness(ledger: Ledger, executionId: string): Promise<string | undefined> {
  const schedule = process.env.RELEASE_SCHEDULE;
  if (!schedule) throw new ShapeError('RELEASE_SCHEDULE is not set: it must contain the schedule of a release');
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

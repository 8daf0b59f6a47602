import { codePipeline, executionStatus, retryStage } from '../aws/codepipeline';
import { errorText, isNamed } from '../core/error-text';
import { logLine } from '../core/log';
import { ignoringConflict } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { announce } from '../messages/announce';
import { applyBreakGlass } from './apply-break-glass';
import type { GateConfig } from './config';
import { evaluate } from './evaluate';
import { gateLedger } from './gate-ledger-client';
import type { Blocked } from './items';
import { PipelineCandidate } from './read-candidate';
import { isSameRefusal, type Refused } from './refusal';
import { GATE_STAGES, type GateStage } from './request';
import { decideRetry, type RetryFacts, type StageFacts, type Waiting, waitingAt } from './retry';
import { readStages } from './stage';

/** CodePipeline's errors while another change of the pipeline is under way. */
const BUSY = ['ConflictException', 'ConcurrentPipelineExecutionsLimitExceededException'];

/** CodePipeline's errors when a newer execution has entered the stage, or the pipeline has changed since. */
const NEVER = ['StageNotRetryableException', 'NotLatestPipelineExecutionException'];

/**
 * Retries the newest release that a gate has blocked, if its checks pass now. An older one that the other gate has
 * blocked is then never retried. Safe to repeat, and for anybody to call.
 */
export async function retryBlocked(config: GateConfig, now: number): Promise<void> {
  const pipeline = process.env.PIPELINE_NAME;
  if (!pipeline) throw new Error('PIPELINE_NAME is not set: it must name the pipeline');
  const waiting = await listWaiting(pipeline, now);
  for (const [index, [each, stage]] of waiting.entries()) {
    const decision = decideRetry(await readRetryFacts(pipeline, each, stage));
    if (decision.do === 'SKIP') {
      log(each, 'SKIPPED', decision.reason);
      continue;
    }
    if (decision.do === 'FORGET') {
      log(each, 'FORGOTTEN', decision.reason);
      await forget(each);
      continue;
    }
    if (decision.do === 'WAIT') {
      log(each, 'WAITS', decision.reason);
      return;
    }
    const why = each.blocked ? await whyBlocked(config, each.blocked, now) : undefined;
    if (why !== undefined) {
      log(each, 'STILL BLOCKED', why);
      return;
    }
    await retry(config, pipeline, each, stage);
    for (const [older] of waiting.slice(index + 1)) await forget(older);
    return;
  }
}

/** Lists the releases that wait at gates, the newest first, each with the facts of its stage. */
async function listWaiting(pipeline: string, now: number): Promise<readonly (readonly [Waiting, StageFacts])[]> {
  // The ledger is read first: in the other order, a release that was just blocked would look older than the one before it.
  const blocked = new Map<GateStage, Blocked | undefined>();
  for (const stage of GATE_STAGES) blocked.set(stage, await gateLedger().blocked(stage));
  const waiting = (await readStages(pipeline)).flatMap(([stage, facts]) => {
    const each = waitingAt(stage, blocked.get(stage), facts, now);
    return each ? [[each, facts] as const] : [];
  });
  return waiting.sort(([a], [b]) => Date.parse(b.at) - Date.parse(a.at));
}

async function readRetryFacts(pipeline: string, waiting: Waiting, stage: StageFacts): Promise<RetryFacts> {
  const ledger = ledgerOfPipeline();
  const holder = await ledger.holder();
  const held = holder?.state === 'HELD' ? holder.executionId : undefined;
  return {
    waiting,
    stage,
    hold: await ledger.personHold(),
    mine: await ledger.release(waiting.executionId),
    holder,
    holding: held === undefined ? undefined : await ledger.release(held),
    holdingStatus:
      held === undefined || held === waiting.executionId ? undefined : await executionStatus(pipeline, held),
  };
}

/** Runs the checks of a release in the ledger, and returns why it stays blocked; undefined when it may go on. */
async function whyBlocked(config: GateConfig, blocked: Blocked, now: number): Promise<string | undefined> {
  const judged = await evaluate(new PipelineCandidate(config, blocked, now));
  const blocking = judged.filter((each) => each.blocks);
  const glass = blocking.length > 0 ? await applyBreakGlass(config, blocked, judged, now, undefined) : {};
  if (blocking.length === 0 || glass.record) return undefined;
  const why = blocking.map(({ finding: { check, reason } }) => `${check}: ${reason}`).join('; ');
  if (glass.reason === undefined) return why;
  if (!isSameRefusal(glass.refusal, blocked.refusal)) await notifyRefusal(config, blocked, glass);
  return `${glass.reason}; ${why}`;
}

/** Notifies the team: whoever has just written the parameter waits for this look. */
async function notifyRefusal({ service }: GateConfig, blocked: Blocked, { reason, refusal }: Refused): Promise<void> {
  const { executionId, commit, stage: rollout } = blocked;
  const notice = { service, executionId, commit, rollout, where: ['production'], why: reason };
  if (await announce({ kind: 'GATED', ...notice })) await gateLedger().setBlocked({ ...blocked, refusal });
}

async function forget({ blocked }: Waiting): Promise<void> {
  if (blocked) await ignoringConflict(gateLedger().endBlock(blocked));
}

async function retry({ service }: GateConfig, pipeline: string, waiting: Waiting, before: StageFacts): Promise<void> {
  try {
    await retryStage(pipeline, waiting.stage, waiting.executionId, codePipeline());
    log(
      waiting,
      'RETRIED',
      waiting.blocked ? 'its checks pass now' : 'its gate runs again: the ledger does not have its block',
    );
  } catch (error) {
    if (!isNamed(error, ...BUSY, ...NEVER)) throw error;
    log(waiting, 'NOT RETRIED', errorText(error));
    const { blocked, stage: rollout, executionId } = waiting;
    // Another call may have retried it since, and it may even be blocked again: then nothing is left to do.
    if (isNamed(error, ...BUSY) || !blocked || !(await isUnchanged(pipeline, waiting, before))) return;
    await forget(waiting);
    // Without a notice the team would wait for ever.
    const why = `its checks pass now, but CodePipeline does not retry ${rollout}: ${errorText(error)}. Start a new execution of the pipeline.`;
    await announce({
      kind: 'BLOCKED',
      service,
      executionId,
      commit: blocked.commit,
      rollout,
      where: ['production'],
      why,
    });
  }
}

/** Returns true if nothing has happened in the stage since it was read. */
async function isUnchanged(pipeline: string, { stage, executionId }: Waiting, before: StageFacts): Promise<boolean> {
  const [, now] = (await readStages(pipeline)).find(([name]) => name === stage) ?? [];
  return (
    now?.latest?.executionId === executionId &&
    now.latest.status === 'Failed' &&
    now.gateFailedAt === before.gateFailedAt
  );
}

const log = ({ executionId, stage }: Waiting, answer: string, reason: string): void =>
  logLine({ handler: 'gate', executionId, stage, answer, reason });

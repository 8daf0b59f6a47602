import type { GateConfig } from '../../gate/config';
import type { Blocked } from '../../gate/items';
import { GATE_STAGES } from '../../gate/request';
import { decideRetry, type RetryFacts } from '../../gate/retry';
import { ignoringConflict } from '../../ledger/ledger';
import { announce } from '../announce';
import { codePipeline, executionStatus } from '../code-pipeline';
import { errorText, isNamed } from '../error-text';
import { ledgerOfPipeline } from '../ledger-client';
import { logLine } from '../log';
import { askBreakGlass } from './break-glass';
import { evaluate } from './evaluate';
import { gateLedger } from './gate-ledger-client';
import { readStage, retryStage } from './stage';

/** Of CodePipeline: somebody else is at it just now. */
const BUSY = ['ConflictException', 'ConcurrentPipelineExecutionsLimitExceededException'];

/** Of CodePipeline: a newer execution has come, or the pipeline has changed since. */
const NEVER = ['StageNotRetryableException', 'NotLatestPipelineExecutionException'];

/**
 * Retries the newest release that a gate has blocked, when its checks pass by now. An older one that the other gate has
 * blocked is passed over by that. Safe to repeat, and for anybody to call.
 */
export async function retryBlocked(config: GateConfig, now: number): Promise<void> {
  const pipeline = process.env.PIPELINE_NAME;
  if (!pipeline) throw new Error('PIPELINE_NAME is not set: it must name the pipeline');
  const ledger = gateLedger();
  const known = await Promise.all(GATE_STAGES.map((stage) => ledger.blocked(stage)));
  const blocked = known
    .filter((each) => each?.state === 'BLOCKED')
    .filter((each) => each !== undefined)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  for (const [index, each] of blocked.entries()) {
    const decision = decideRetry(await ask(pipeline, each));
    if (decision.do === 'FORGET') {
      log(each, 'FORGOTTEN', decision.reason);
      await ignoringConflict(ledger.endBlock(each));
      continue;
    }
    if (decision.do === 'WAIT') {
      log(each, 'WAITS', decision.reason);
      return;
    }
    const judged = await evaluate(config, each, now);
    const blocking = judged.filter(({ blocks }) => blocks);
    const glass = blocking.length > 0 ? await askBreakGlass(config, each, judged, now, undefined) : {};
    if (blocking.length > 0 && !glass.record) {
      log(each, 'STILL BLOCKED', blocking.map(({ finding: { check, reason } }) => `${check}: ${reason}`).join('; '));
      return;
    }
    await retry(config, pipeline, each);
    for (const older of blocked.slice(index + 1)) await ignoringConflict(ledger.endBlock(older));
    return;
  }
}

async function ask(pipeline: string, blocked: Blocked): Promise<RetryFacts> {
  const ledger = ledgerOfPipeline();
  const stage = await readStage(codePipeline(), pipeline, blocked.stage);
  const holder = await ledger.holder();
  const held = holder?.state === 'HELD' ? holder.executionId : undefined;
  return {
    blocked,
    stage,
    hold: await ledger.personHold(),
    holder,
    holding: held === undefined ? undefined : await ledger.release(held),
    holdingStatus:
      held === undefined || held === blocked.executionId ? undefined : await executionStatus(pipeline, held),
  };
}

async function retry({ service }: GateConfig, pipeline: string, blocked: Blocked): Promise<void> {
  try {
    await retryStage(codePipeline(), pipeline, blocked);
    log(blocked, 'RETRIED', 'its checks pass by now');
  } catch (error) {
    if (!isNamed(error, ...BUSY, ...NEVER)) throw error;
    log(blocked, 'NOT RETRIED', errorText(error));
    if (isNamed(error, ...BUSY)) return;
    await ignoringConflict(gateLedger().endBlock(blocked));
    // Whoever waits for it would wait for ever.
    const { executionId, commit, stage: rollout } = blocked;
    const why = `its checks pass by now, but CodePipeline does not retry ${rollout}: ${errorText(error)}. Start a new execution of the pipeline.`;
    await announce({ kind: 'BLOCKED', service, executionId, commit, rollout, where: ['production'], why });
  }
}

const log = ({ executionId, stage }: Blocked, answer: string, reason: string): void =>
  logLine({ handler: 'gate', executionId, stage, answer, reason });

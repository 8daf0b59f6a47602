import { reportFailure, reportSuccess, rolledBackTo } from '../aws/codepipeline';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { ShapeError } from '../core/shape';
import { isoTime } from '../core/time';
import { askBreakGlass, type GlassAnswer } from '../gate/ask-break-glass';
import { type GateConfig, readGateConfig } from '../gate/config';
import { evaluate } from '../gate/evaluate';
import { gateLedger } from '../gate/gate-ledger-client';
import { logBreakGlass, logMetrics } from '../gate/log-metrics';
import { PipelineCandidate } from '../gate/read-candidate';
import { composeReport, gateUntil, type Judged } from '../gate/report';
import { type GateRequest, isRetryOrder, parseGateRequest } from '../gate/request';
import { retryBlocked } from '../gate/retry-blocked';
import { parseJob } from '../ledger/job';
import { ignoringConflict } from '../ledger/ledger';
import { notByStage } from '../ledger/stage-roll-back';
import { announce } from '../messages/announce';
import type { MessageKind } from '../messages/message';

/** What a gate answers. */
interface Answer {
  readonly passes: boolean;
  /** It is no release: whatever it waits for, it is not retried. */
  readonly isStageRollBack?: boolean;
  /** What the action shows. */
  readonly report: string;
  readonly judged: readonly Judged[];
  readonly glass: GlassAnswer;
}

/**
 * Lets a release into its stage, or blocks it: an action of the pipeline. It answers at once, and never waits. By the clock,
 * and when something has changed, it also looks whether a release that was blocked may go on.
 */
export async function handler(event: unknown): Promise<void> {
  if (isRetryOrder(event)) {
    await retryBlocked(configured(), Date.now());
    return;
  }
  const job = parseJob(event);
  const now = Date.now();
  let asked: { readonly config: GateConfig; readonly request: GateRequest } | undefined;
  let answer: Answer;
  try {
    asked = { config: configured(), request: parseGateRequest(job.userParameters) };
    answer = await decide(asked.config, asked.request, job, now);
  } catch (error) {
    // What cannot be asked blocks, also when it is the gate itself.
    const why = error instanceof ShapeError ? error.message : errorText(error);
    answer = { passes: false, report: `The gate could not be asked: ${why}`, judged: [], glass: {} };
  }
  logLine({ handler: 'gate', job: job.id, answer: answer.passes ? 'PASS' : 'BLOCKED', reason: answer.report });
  // Outside of what decides, and before all that is said to others: CodePipeline waits.
  await (answer.passes ? reportSuccess(job.id, answer.report) : reportFailure(job.id, answer.report));
  if (!asked) return;
  logMetrics(asked.config, asked.request, answer.judged, now);
  if (answer.glass.record) logBreakGlass(asked.config, answer.glass.record, now);
  await remember(asked.config, asked.request, answer, now);
}

function configured(): GateConfig {
  const { GATE } = process.env;
  if (!GATE) throw new ShapeError('GATE is not set: it must say what the gate asks');
  return readGateConfig(GATE, 'GATE');
}

async function decide(config: GateConfig, request: GateRequest, job: { id: string }, now: number): Promise<Answer> {
  const [older, judged] = await Promise.all([
    stageRollBack(request),
    evaluate(new PipelineCandidate(config, request, now)),
  ]);
  if (older !== undefined) {
    const report = notByStage(config.service, request.executionId, older);
    return { passes: false, isStageRollBack: true, report, judged: [], glass: {} };
  }
  const blocking = judged.filter(({ blocks }) => blocks);
  const glass = await askBreakGlass(config, request, judged, now, job);
  const { record } = glass;
  const passes = blocking.length === 0 || record !== undefined;
  const { executionId, stage } = request;
  const title = passes
    ? `Release ${executionId} may enter ${stage}`
    : `Release ${executionId} must not enter ${stage} now: ${blocking.length} of ${judged.length} checks block. It is retried by itself when they pass, unless a newer one has come`;
  const aside = record
    ? `: ${[`${record.by} has broken the glass for ${record.incident}, ${record.reason}`, glass.aside].filter(Boolean).join('; ')}`
    : '';
  return {
    passes,
    report: composeReport(`${title}${aside}.`, [...refusalOf(glass, passes), ...judged]),
    judged,
    glass,
  };
}

/** Whoever has tried to break the glass reads first why it was refused. Where nothing blocks, an old one that lies around interests nobody. */
function refusalOf(glass: GlassAnswer, passes: boolean): readonly Judged[] {
  if (glass.record || glass.reason === undefined || (passes && !glass.concerns)) return [];
  const { reason } = glass;
  return [{ finding: { check: 'break glass', verdict: 'FAIL', reason }, blocks: true }];
}

/** The console rolls back a single stage: which execution to. Not known is taken for "it does not". */
async function stageRollBack({ executionId }: GateRequest): Promise<string | undefined> {
  try {
    return await rolledBackTo(process.env.PIPELINE_NAME ?? '', executionId);
  } catch (error) {
    logLine({ handler: 'gate', executionId, reason: `it was not asked what it is: ${errorText(error)}` });
    return undefined;
  }
}

/** What happens besides: the block is remembered for its retry, and the team is told. */
async function remember(config: GateConfig, request: GateRequest, answer: Answer, now: number): Promise<void> {
  const { stage, executionId, commit } = request;
  const tell = (kind: MessageKind, why: string) =>
    announce({ kind, service: config.service, executionId, commit, rollout: stage, where: ['production'], why });
  let isKnown = false;
  try {
    const ledger = gateLedger();
    const before = await ledger.blocked(stage);
    isKnown = before?.executionId === executionId && before.state === 'BLOCKED';
    if (answer.passes) {
      // Or that of an older one, which it has passed over by this.
      if (before?.state === 'BLOCKED') await ignoringConflict(ledger.endBlock(before));
    } else {
      const until = gateUntil(answer.judged.filter(({ blocks }) => blocks).map(({ finding }) => finding));
      const at = isKnown && before ? before.at : isoTime(now);
      const state = answer.isStageRollBack ? 'OVER' : 'BLOCKED';
      const refused = answer.glass.record ? undefined : answer.glass.reason;
      await ledger.setBlocked({ state, stage, executionId, commit, at, reason: answer.report, until, refused });
    }
  } catch (error) {
    logLine({ handler: 'gate', executionId, reason: `its block could not be remembered: ${errorText(error)}` });
  }
  const { glass, judged } = answer;
  if (glass.record) await tell('GLASS_BROKEN', answer.report);
  else if (!answer.passes && !isKnown) await tell(answer.isStageRollBack ? 'BLOCKED' : 'GATED', answer.report);
  const warnings = judged.flatMap(({ finding: { check, warning } }) => (warning ? [`${check}: ${warning}`] : []));
  if (answer.passes && warnings.length > 0) await tell('WARNED', warnings.join('; '));
}

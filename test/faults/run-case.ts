import { FREEZE } from '../e2e/local-gate';
import type { LocalPipeline } from '../e2e/local-pipeline';
import type { LocalNet } from '../e2e/net';
import { PIPELINE } from '../e2e/plan';
import { type Armed, arm } from './arm';
import type { Case, CaseResult } from './case';
import { endingOf, endingText, STABLE } from './ending';
import { type Expected, expectedOf, judge, mustBlock, outcomeOf } from './judge';
import { PLAN, RELEASE, ReleaseRun } from './release-run';

/** The following release. */
const NEXT = 'e-2';

/**
 * Runs cases, all in one release, in a world of its own. Several cases share a release only if each must leave it as if
 * nothing had been; if the release ends wrongly, each runs alone.
 */
export async function runCases(
  net: LocalNet,
  cases: readonly Case[],
  ofRollback: ReadonlySet<string>,
): Promise<readonly CaseResult[]> {
  const together = await runTogether(net, cases, ofRollback);
  if (cases.length === 1 || together.every(({ problems }) => problems.length === 0)) return together;
  const alone: CaseResult[] = [];
  for (const each of cases) alone.push(...(await runTogether(net, [each], ofRollback)));
  return alone;
}

async function runTogether(
  net: LocalNet,
  cases: readonly Case[],
  ofRollback: ReadonlySet<string>,
): Promise<readonly CaseResult[]> {
  const began = process.cpuUsage();
  const [{ scenario }] = cases;
  let armed: readonly Armed[] = [];
  const run = await ReleaseRun.start(net, scenario, (pipeline) => {
    armed = cases.map(({ trouble }) => arm(trouble, pipeline));
    return {
      onCall: (call, action) => first(armed, (each) => each.onCall?.(call, action)),
      onState: (...visit) => first(armed, (each) => each.onState?.(...visit)),
      pipelineEvent: first(armed, (each) => each.pipelineEvent),
      retries: armed.every((each) => each.retries),
    };
  });
  try {
    for (const each of armed) each.onStart?.(run);
    await run.run();
    const ending = await endingOf(run);
    const [expected] = cases.map((each) => expectedOf(each, ofRollback));
    const problems = [...judge(expected, ending)];
    if (expected !== 'on stable') {
      problems.push(...(await afterwards(run, cases, expected, ending.incomplete.length > 0)));
    }
    const { user, system } = process.cpuUsage(began);
    const milliseconds = (user + system) / 1_000 / cases.length;
    return cases.map((each, at) => {
      const { name, trouble } = each;
      const own = [...problems, ...(armed[at].wasMet() ? [] : ['the fault never occurred'])];
      if (mustBlock(each) && trouble.is === 'call' && !run.blocked.has(trouble.site.action)) {
        own.push('the gate let a release pass without its facts');
      }
      const outcome = outcomeOf(ending, run.retried);
      return { name, outcome, problems: own.length > 0 ? [...own, endingText(ending)] : [], milliseconds };
    });
  } finally {
    await run.pipeline.close();
  }
}

/** Returns the first defined answer, after a call for every item. */
function first<T, R>(items: readonly T[], call: (item: T) => R | undefined): R | undefined {
  return items.map(call).find((answer) => answer !== undefined);
}

/** Checks that the next release can start without help; after an alarm, once a person has rolled back. */
async function afterwards(
  run: ReleaseRun,
  cases: readonly Case[],
  expected: Expected,
  wasAlarmed: boolean,
): Promise<string[]> {
  const { pipeline } = run;
  pipeline.world.faults = () => undefined;
  pipeline.onState = undefined;
  wellAgain(pipeline);
  if (wasAlarmed) return byHand(run);
  const { disabled } = await endingOf(run);
  const isDenied = expected.startsWith('one revision') || expected === 'blocked';
  // A denied permission may keep the transitions disabled: the next execution that starts enables them.
  const problems =
    isDenied && cases[0].trouble.is === 'call'
      ? []
      : disabled.map((stage) => `the transition into ${stage} is disabled`);
  if (!isDenied) return problems;
  const to = cases[0].trouble.is === 'call' ? 'acquire' : undefined;
  const failed = (await pipeline.release(NEXT, { to })).find((result) => result.failed || result.waits !== undefined);
  if (failed)
    return [...problems, `the next release cannot start: ${failed.action}: ${failed.message || failed.waits}`];
  const next = await endingOf(run, NEXT);
  if (to === undefined && (next.version === undefined || next.ended !== 'COMPLETED' || next.disabled.length > 0)) {
    problems.push(`the next release went wrong: ${endingText(next)}`);
  }
  return problems;
}

/** Rolls back as a person does, once the cause is gone, so that the next release can start. */
async function byHand(run: ReleaseRun): Promise<string[]> {
  const { error, cause, status } = await run.pipeline.rollback({ rollback: true, executionId: RELEASE });
  const { version, running, held, ended } = await endingOf(run);
  const isOver = version === STABLE && running.length === 0 && (!held || ended === undefined);
  return isOver ? [] : [`a person cannot roll it back either: ${error ?? status}: ${cause}`];
}

function wellAgain({ fleet, world }: LocalPipeline): void {
  world.ssm.delete(PIPELINE, FREEZE);
  for (const { environments } of Object.values(PLAN.rollouts)) {
    for (const [name, { alarms }] of Object.entries(environments)) {
      for (const alarm of Object.values(alarms).flat()) fleet.alarm(name, alarm, 'OK');
    }
  }
}

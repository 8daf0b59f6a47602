import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, EXIT } from '../../core/cli-error';
import { errorText } from '../../core/error-text';
import { isoTime, minutesSince } from '../../core/time';
import type { Release } from '../../ledger/items';
import { retryingConflicts } from '../../ledger/update';
import type { Topology } from '../../plan/topology';
import { goneTargets, type Return, type ReturnedFunction, returnAll } from '../return-all';
import { askHistory, type HistoryTarget } from './ask-history';
import { type Begun, begin, endInLedger, mayStillStart } from './begin';
import type { Found } from './find-topology';
import { type Held, holdPipeline } from './hold-pipeline';
import { connect, type PipelineSide } from './pipeline-side';
import { type Finding, type Production, productionOf } from './production';
import { heldText } from './report';

/** Between two looks at all functions. */
const PAUSE_SECONDS = 5;

export interface RollBackOrder {
  readonly by: string;
  readonly because: string;
  /** The pipeline's execution. By default the release that holds production, or held it last. */
  readonly execution?: string;
  /** The version to return to, where a person gives it. */
  readonly override: (region: string, key: string) => string | undefined;
  /** How long to go on while something is not on stable. */
  readonly waitMinutes: number;
  /** Shows what is going on. */
  readonly tell: (line: string) => void;
}

/** What became of one function, or of all of a region. */
export interface Row {
  readonly region: string;
  readonly key: string;
  /** What it served when the command began. */
  readonly found: string;
  readonly ok: boolean;
  readonly now: string;
}

export interface RollBackReport {
  readonly service: string;
  readonly executionId: string;
  readonly commit?: string;
  readonly because: string;
  readonly rows: readonly Row[];
  readonly held: Held;
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/**
 * Returns a release with the operator's own credentials, directly in each region: what the machine would do, also when the
 * pipeline's region does not answer. Safe to repeat.
 */
export async function rollBack(found: Found, order: RollBackOrder): Promise<RollBackReport> {
  const side = await attempt(() => connect(found));
  const { region } = found.topology.pipeline;
  const held = 'error' in side ? { error: `${region}: ${side.error}` } : await holdPipeline(side.value, order);
  const target = 'value' in side ? await fromLedger(side.value, found, order, held) : undefined;
  return target && 'value' in side
    ? await finishWithLedger(side.value, target, held, order)
    : await finishAlone(found, held, order);
}

type Attempt<T> = { readonly value: T } | { readonly error: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: error instanceof CliError ? error.message : errorText(error) };
  }
}

interface LedgerTarget {
  readonly begun: Begun;
  readonly task: Return;
  readonly production: Production;
}

/** What the ledger says is to return; undefined when it stops answering. */
async function fromLedger(
  side: PipelineSide,
  { operator }: Found,
  order: RollBackOrder,
  held: Held,
): Promise<LedgerTarget | undefined> {
  const { topology } = side;
  const targetOf = (release: Release) => {
    const keys = (region: string) => Object.keys(release.candidates[region] ?? {});
    const production = productionOf(topology, operator, keys);
    return { production, task: { plan: production.places, release: overridden(topology, release, order) } };
  };
  try {
    const begun = await retryingConflicts(() =>
      begin(side, order.execution, order.because, (release) => {
        const { task } = targetOf(release);
        return goneTargets(task, Object.keys(task.plan.environments));
      }),
    );
    return { begun, ...targetOf(begun.release) };
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`${error.message}\n${heldText(held, topology.service)}`);
    order.tell(`the ledger does not answer (${errorText(error)}): CodeDeploy's history is asked instead`);
    return undefined;
  }
}

function overridden({ production }: Topology, release: Release, { override }: RollBackOrder): Release {
  const stables = production.map(({ region }) => {
    const given = Object.keys(release.candidates[region] ?? {}).flatMap((key) => {
      const version = override(region, key) ?? release.stables[region]?.[key];
      return version === undefined ? [] : [[key, version] as const];
    });
    return [region, Object.fromEntries(given)] as const;
  });
  return { ...release, stables: Object.fromEntries(stables) };
}

async function finishWithLedger(
  side: PipelineSide,
  { begun, task, production }: LedgerTarget,
  held: Held,
  order: RollBackOrder,
): Promise<RollBackReport> {
  const { release } = begun;
  const notes = [...begun.notes];
  const functions = await untilReturned(task, order, () => begun.endsIt && mayStillStart(release));
  const rows = rowsOf(functions, production.refused, []);
  const isDone = rows.every(({ ok }) => ok);
  let told = held;
  if (isDone && begun.endsIt) {
    const reason = `rolled back in ${Object.keys(task.plan.environments).join(', ')}: ${order.because}`;
    const ended = await attempt(() => endInLedger(side, release, reason));
    if ('error' in ended) {
      const again = `The ledger does not know yet that it is rolled back (${ended.error}): run the command again.`;
      notes.push(again);
      told = 'error' in held ? held : { error: again };
    }
  }
  return report(order, task, { commit: release.commit, rows, held: told, notes });
}

async function finishAlone(found: Found, held: Held, order: RollBackOrder): Promise<RollBackReport> {
  const { topology, operator } = found;
  const target = await askHistory(topology, operator, order.execution, order.override);
  const { executionId, candidates, stables, production } = target;
  const task: Return = {
    plan: withKnownOnly(target),
    release: { executionId, commit: 'unknown', candidates, stables },
  };
  const functions = await untilReturned(task, order, () => false);
  const rows = rowsOf(functions, [...production.refused, ...target.unknown], target.untouched);
  return report(order, task, { rows, held, notes: [] });
}

/** Without the functions that are not touched. */
function withKnownOnly({ production, stables }: HistoryTarget): Return['plan'] {
  const { service, environments } = production.places;
  const known = Object.entries(environments).map(([region, environment]) => {
    const functions = Object.entries(environment.functions).filter(([key]) => stables[region]?.[key] !== undefined);
    return [region, { ...environment, functions: Object.fromEntries(functions) }] as const;
  });
  return { service, environments: Object.fromEntries(known) };
}

interface FunctionResult extends ReturnedFunction {
  /** What it served when it was first asked. */
  readonly found?: string;
}

/** Step after step, until all functions are on stable, or patience ends. */
async function untilReturned(
  task: Return,
  { waitMinutes, tell }: RollBackOrder,
  mustLookOn: () => boolean,
): Promise<readonly FunctionResult[]> {
  const began = isoTime(Date.now());
  const names = Object.keys(task.plan.environments);
  const found = new Map<string, string | undefined>();
  let last = '';
  for (;;) {
    const result = await returnAll({ ...task, waitingSince: began }, names);
    for (const { environment, key, serves } of result) {
      const place = `${environment}/${key}`;
      if (serves !== undefined && !found.has(place)) found.set(place, serves);
    }
    const open = result.filter(({ state }) => state === 'OPEN');
    const isOver = open.length === 0 && !mustLookOn();
    if (isOver || minutesSince(began, Date.now()) >= waitMinutes) {
      return result.map((each) => ({ ...each, found: found.get(`${each.environment}/${each.key}`) }));
    }
    const line =
      open.length > 0
        ? open.map(({ reason }) => reason).join('; ')
        : 'all are on stable; a handler that was running may still start deployments';
    if (line !== last) tell(line);
    last = line;
    await sleep(PAUSE_SECONDS * 1_000);
  }
}

function rowsOf(
  functions: readonly FunctionResult[],
  failed: readonly Finding[],
  untouched: readonly Finding[],
): readonly Row[] {
  const row = ({ region, key, reason }: Finding, ok: boolean): Row => ({
    region,
    key: key ?? '(all)',
    found: '-',
    ok,
    now: ok ? `left: ${reason}` : `NOT DONE: ${reason}`,
  });
  const rows = [
    ...functions.map((each): Row => {
      const { environment: region, key, state, found = '-', stable } = each;
      const ok = state === 'DONE' || state === 'LEFT';
      const reason = each.reason.replace(`${region}/${key}`, '').replace(/^:? /, '');
      const now = state === 'DONE' ? `on version ${stable}` : `${ok ? 'left' : 'NOT DONE'}: ${reason}`;
      return { region, key, found, ok, now };
    }),
    ...untouched.map((finding) => row(finding, true)),
    ...failed.map((finding) => row(finding, false)),
  ];
  return rows.toSorted((a, b) => `${a.region} ${a.key}`.localeCompare(`${b.region} ${b.key}`));
}

function report(
  { because }: RollBackOrder,
  { plan, release }: Return,
  { rows, held, ...rest }: Pick<RollBackReport, 'commit' | 'rows' | 'held' | 'notes'>,
): RollBackReport {
  const isDone = rows.every(({ ok }) => ok);
  const exitCode = !isDone ? EXIT.NOT_DONE : 'error' in held ? EXIT.NOT_HELD : EXIT.OK;
  return { service: plan.service, executionId: release.executionId, because, rows, held, ...rest, exitCode };
}

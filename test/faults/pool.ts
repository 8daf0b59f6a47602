import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { type Case, type CaseResult, SCENARIOS } from './case';
import type { Table } from './cases';
import { isTransient, kindNamed } from './kinds';
import type { Order, Report } from './worker';

/** Short-lived worlds make garbage: fewer, larger sweeps of it. */
const EXEC_ARGV = ['--max-semi-space-size=64', '--no-warnings'];

/** Runs all cases, in as many processes as there are processors. */
export async function runAll({ cases, ofRollBack }: Table, onResult: (result: CaseResult) => void): Promise<void> {
  const jobs = grouped(cases);
  const workers = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: workers }, () => work(jobs, [...ofRollBack], onResult)));
}

/** One process: takes jobs until there are none. */
function work(jobs: Case[][], ofRollBack: readonly string[], onResult: (result: CaseResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(path.join(__dirname, 'worker.ts'), { execArgv: [...process.execArgv, ...EXEC_ARGV] });
    const send = (order: Order): boolean => worker.send(order);
    let finished = false;
    worker.on('message', (report: Report) => {
      if (report === 'ready') send({ ofRollBack });
      else report.forEach(onResult);
      const next = jobs.shift();
      if (next) {
        send({ cases: next });
      } else {
        finished = true;
        worker.kill();
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (finished ? resolve() : reject(new Error(`A worker ended early, with ${code}`))));
  });
}

/** Of faults that are over with one request, so many may share a release. */
const SHARED_REQUESTS = 10;

/**
 * Faults that pass share a release, since each of them leaves it as if nothing had been: those in different actions; and
 * those that are over with one request, also in one action. Everything else has a release of its own, and begins first.
 */
export function grouped(cases: readonly Case[]): Case[][] {
  const alone: Case[][] = [];
  const shared = new Map<string, Case[][]>();
  for (const each of cases) {
    const { scenario, trouble, column } = each;
    const kind = trouble.is === 'call' ? kindNamed(trouble.kind) : undefined;
    if (!kind || !isTransient(kind) || (scenario !== 'healthy' && kind.lasts !== 'request')) {
      alone.push([each]);
      continue;
    }
    const key = scenario === 'healthy' ? `${column} ${kind.lasts}` : scenario;
    const lists = shared.get(key) ?? [];
    const last = lists.at(-1);
    if (last && kind.lasts === 'request' && last.length < SHARED_REQUESTS) last.push(each);
    else lists.push([each]);
    shared.set(key, lists);
  }
  const healthy = [...shared].filter(([key]) => !isScenario(key)).map(([, lists]) => lists);
  const others = [...shared].filter(([key]) => isScenario(key)).flatMap(([, lists]) => lists);
  const rounds = Math.max(0, ...healthy.map(({ length }) => length));
  return [
    ...alone,
    ...others,
    ...Array.from({ length: rounds }, (_, at) => healthy.flatMap((lists) => lists[at] ?? [])),
  ];
}

const isScenario = (key: string): boolean => SCENARIOS.some((scenario) => scenario === key);

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { Case, CaseResult } from './case';
import type { Table } from './cases';
import { grouped } from './group';
import type { Order, Report } from './worker';

/** Short-lived worlds make garbage; a larger young generation is swept less often. */
const EXEC_ARGV = ['--max-semi-space-size=64', '--no-warnings'];

/** Processes for each processor: two fifths of a case are the SDK's pauses before a retry. */
const PROCESSES = 1.5;

/** Runs all cases in several processes. */
export async function runAll({ cases, ofRollback }: Table, onResult: (result: CaseResult) => void): Promise<void> {
  const jobs = grouped(cases);
  const workers = Math.min(Math.ceil(availableParallelism() * PROCESSES), jobs.length);
  await Promise.all(Array.from({ length: workers }, () => work(jobs, [...ofRollback], onResult)));
}

/** Runs one process, which takes jobs until none is left. */
function work(jobs: Case[][], ofRollback: readonly string[], onResult: (result: CaseResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(path.join(__dirname, 'worker.ts'), { execArgv: [...process.execArgv, ...EXEC_ARGV] });
    const send = (order: Order): boolean => worker.send(order);
    let finished = false;
    worker.on('message', (report: Report) => {
      if (report === 'ready') send({ ofRollback });
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

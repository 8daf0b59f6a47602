import { LocalNet } from '../e2e/net';
import type { Case, CaseResult } from './case';
import { runCases } from './run-case';

/** Messages to a worker: the operations of rollbacks, once; then cases, a few at a time. */
export type Order = { readonly ofRollback: readonly string[] } | { readonly cases: readonly Case[] };

/** Messages from a worker: `ready`, then results. */
export type Report = 'ready' | readonly CaseResult[];

/** Longest real time of a case, in seconds. */
const LIMIT_SECONDS = 60;

const net = new LocalNet();
let ofRollback: ReadonlySet<string> = new Set();

/** Errors in the running case that no code awaited. */
const stray: string[] = [];
process.on('unhandledRejection', (error) => stray.push(String(error instanceof Error ? error.stack : error)));

process.on('message', (order: Order) => {
  if ('ofRollback' in order) {
    ofRollback = new Set(order.ofRollback);
    return;
  }
  void run(order.cases).then((results) => process.send?.(results satisfies Report));
});
process.send?.('ready' satisfies Report);

async function run(cases: readonly Case[]): Promise<readonly CaseResult[]> {
  stray.length = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const limit = LIMIT_SECONDS * cases.length;
    timer = setTimeout(() => reject(new Error(`the case did not end within ${limit} s`)), limit * 1_000);
  });
  try {
    const results = await Promise.race([runCases(net, cases, ofRollback), late]);
    return stray.length === 0 ? results : results.map((each) => ({ ...each, problems: [...each.problems, ...stray] }));
  } catch (error) {
    const problems = [String(error instanceof Error ? error.stack : error), ...stray];
    return cases.map(({ name }) => ({ name, outcome: 'broke', problems, milliseconds: 0 }));
  } finally {
    clearTimeout(timer);
  }
}

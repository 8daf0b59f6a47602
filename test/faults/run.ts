import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleHandlers } from '../../bin/bundle';
import { LocalNet } from '../e2e/net';
import type { CaseResult } from './case';
import { allCases } from './cases';
import { runAll } from './pool';
import { outcomes, summary } from './summary';

/** With fewer, something is not enumerated any more. */
const MIN_CASES = 400;

/** One line of progress for so many cases. */
const PROGRESS_EVERY = 250;

const USAGE = `Usage: npm run faults -- [--only <text>]... [--every <n>] [--list] [--report <file>]

Lets every AWS call of every handler go wrong in every way, kills the machine at every state, starts it twice, and stops,
supersedes and updates the pipeline, in a local AWS; and checks after each that the fleet is wholly on the revision that it
has to be on, or that the alarm of an incomplete rollback names what is left.
  --only    only cases whose name has this text in it; several: all of them
  --every   only every nth of them
  --list    prints the names of the cases and runs none
  --report  writes every case, what became of it, and the milliseconds of a processor that it took, as tab-separated values`;

// The SDK's and Node's, about versions.
process.removeAllListeners('warning');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      every: { type: 'string', default: '1' },
      list: { type: 'boolean' },
      report: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const every = Number(values.every);
  if (!Number.isInteger(every) || every < 1) throw new Error(`--every is ${values.every}, but must be 1 or more`);
  const began = Date.now();
  await bundleHandlers();
  const table = await allCases(new LocalNet());
  const unmet = handlers().filter((name) => !table.callers.has(name));
  if (unmet.length > 0) throw new Error(`No case is about a call of ${unmet.join(', ')}: let a scenario invoke it`);
  const cases = table.cases
    .filter(({ name }) => values.only.every((text) => name.includes(text)))
    .filter((_case, index) => index % every === 0);
  if (values.list) {
    console.log(cases.map(({ name }) => name).join('\n'));
    return;
  }
  const results: CaseResult[] = [];
  const failed: CaseResult[] = [];
  await runAll({ ...table, cases }, (result) => {
    results.push(result);
    if (results.length % PROGRESS_EVERY === 0) console.log(`${results.length} of ${cases.length} cases have run`);
    if (result.problems.length === 0) return;
    failed.push(result);
    console.log(`FAILED ${result.name}\n  ${result.problems.join('\n  ')}`);
  });
  if (values.report) writeFileSync(values.report, report(results));
  const passed = results.length - failed.length;
  const seconds = Math.round((Date.now() - began) / 1_000);
  console.log(`\n${summary(cases, results)}\n\nWhat became of the releases:\n${outcomes(results)}\n`);
  console.log(`${passed} of ${cases.length} cases, in ${seconds} s with ${availableParallelism()} processors`);
  const isWhole = values.only.length === 0;
  if (isWhole && cases.length < MIN_CASES) console.log(`There have to be ${MIN_CASES} cases at least.`);
  process.exitCode = passed < cases.length || (isWhole && cases.length < MIN_CASES) ? 1 : 0;
}

/** Names of all handlers, each of which has to be in the table. */
const handlers = (): readonly string[] =>
  readdirSync(path.join(__dirname, '..', '..', 'lib', 'handlers')).map((file) => path.basename(file, '.ts'));

const report = (results: readonly CaseResult[]): string =>
  results
    .map(({ name, outcome, problems, milliseconds }) =>
      [problems.length === 0 ? 'passed' : 'FAILED', Math.round(milliseconds), name, outcome, ...problems].join('\t'),
    )
    .toSorted()
    .join('\n');

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

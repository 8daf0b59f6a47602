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

/** Minimum number of cases: a smaller table has lost some. */
const MIN_CASES = 400;

/** Number of cases between two lines of progress. */
const PROGRESS_EVERY = 250;

const USAGE = `Usage: npm run faults -- [--only <text>]... [--every <n>] [--list] [--report <file>]

Makes every AWS call of every handler fail in every way, kills the machine at every state, starts it twice, and stops,
supersedes and updates the pipeline, in a local AWS. Checks after each that the fleet is wholly on the required revision,
or that the alarm of an incomplete rollback names every place that is left.
  --only    only cases with this text in their name; several texts must all be in it
  --every   only every nth case
  --list    prints the names of the cases and runs none
  --report  writes every case, its outcome, and its milliseconds of processor time, as tab-separated values`;

// The SDK and Node warn about versions.
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
  if (unmet.length > 0) throw new Error(`No case covers a call of ${unmet.join(', ')}: add a scenario that invokes it`);
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
  console.log(`\n${summary(cases, results)}\n\nOutcomes of the releases:\n${outcomes(results)}\n`);
  console.log(`${passed} of ${cases.length} cases, in ${seconds} s with ${availableParallelism()} processors`);
  const isWhole = values.only.length === 0;
  if (isWhole && cases.length < MIN_CASES) console.log(`The table must have at least ${MIN_CASES} cases.`);
  process.exitCode = passed < cases.length || (isWhole && cases.length < MIN_CASES) ? 1 : 0;
}

/** Names of all handlers, each of which must be in the table. */
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
